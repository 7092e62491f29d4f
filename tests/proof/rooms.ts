/** What a proof in this process needs of the rooms themselves, where the published package has no seam: bundled by rooms.mjs. */
export { openCache, openCircuit } from "../../src/cache/index.ts";
export { openNodeDisk } from "../../src/disk/index.ts";
export { EntrepotError, isEntrepotError } from "../../src/error/index.ts";
export { BytesSink, openMemoryStore } from "../../src/store/index.ts";
