/** Web servers, read-only. */
export { type HttpStoreOptions, openHttpStore } from "./open-http-store.ts";
