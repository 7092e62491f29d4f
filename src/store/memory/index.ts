/** Objects in the memory of this process. */
export { type MemoryStoreOptions, openMemoryStore } from "./open-memory-store.ts";
