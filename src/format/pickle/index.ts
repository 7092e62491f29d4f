/** Python's pickles, loaded when first used: bytes ↔ data, without running anything. */
export { labelsOf, valueAt } from "./pandas-index.ts";
export { pickleOf } from "./read.ts";
export { pickleBytes } from "./write.ts";
