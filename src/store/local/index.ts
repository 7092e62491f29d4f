/** A folder of this machine as an object store. */
export { removeEmptyFolders } from "./empty-folders.ts";
export { type LocalStoreOptions, openLocalStore } from "./open-local-store.ts";
