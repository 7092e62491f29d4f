/** A folder of this machine as an object store. */
export { type LocalStoreOptions, openLocalStore } from "./open-local-store.ts";
