/** Python's pickles, loaded when first used: bytes ↔ data, without running anything. */
export { inspectPickle } from "./inspect.ts";
export { keptPickleOf, pickleOf } from "./read.ts";
export { textColumn } from "./text-column.ts";
export { pickleBytes } from "./write.ts";
