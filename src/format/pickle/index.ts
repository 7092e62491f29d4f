/** Python's pickles, loaded when first used: bytes ↔ data, without running anything. */
export { PickledArray, type PickledArrayValues } from "./array.ts";
export type { ClassReader, PickledInstance } from "./class-instance.ts";
export {
  lengthOfIndex,
  type NumberArray,
  notATime,
  type PickledBigInts,
  type PickledBooleans,
  type PickledCategories,
  type PickledColumn,
  type PickledDurations,
  PickledFrame,
  type PickledFrameParts,
  type PickledIndex,
  PickledLabels,
  type PickledNumbers,
  type PickledObjects,
  PickledSeries,
  type PickledStrings,
  type PickledTimes,
  type TimeUnit,
} from "./frame.ts";
export type { PickleLimits } from "./limits.ts";
export { type PickleReadOptions, pickleOf } from "./read.ts";
export { type PickleProtocol, type PickleWriteOptions, pickleBytes } from "./write.ts";
