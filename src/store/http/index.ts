/** Web servers, read-only. */
export type { HttpRequestEvent } from "./http-requests.ts";
export { type HttpStoreOptions, openHttpStore } from "./open-http-store.ts";
