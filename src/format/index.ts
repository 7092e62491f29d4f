/** Bytes ↔ values: text, JSON, lines, CSV, pickles. */
export {
  type Cell,
  type CsvWriteOptions,
  csvRowStream,
  csvRowsOf,
  csvText,
  csvTextPieces,
  type Newline,
  rawRowStream,
  rawRowsOf,
} from "./csv.ts";
export type { CsvReadOptions } from "./csv-rows.ts";
export { type Json, type JsonWriteOptions, jsonOf, jsonText } from "./json.ts";
export { deepestJson, exactJsonOf, isDeeper, lostNumberMessage, lostNumberOf } from "./json-numbers.ts";
export { type LineOptions, linesOf, lineText, splitLines } from "./lines.ts";
export { PickledArray, type PickledArrayValues } from "./pickle/array.ts";
export type { ClassReader, PickledInstance } from "./pickle/class-instance.ts";
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
} from "./pickle/frame.ts";
export { labelsOf as pickledLabels, pickledValueAt } from "./pickle/frame-values.ts";
export type { PickleContents } from "./pickle/inspect.ts";
export type { PickleLimits } from "./pickle/limits.ts";
export type { PickleReadOptions } from "./pickle/read.ts";
export { RefusedObject } from "./pickle/refused-object.ts";
export {
  PickledComplex,
  PickledDate,
  PickledDateTime,
  PickledDecimal,
  PickledDuration,
  PickledTime,
  PickledTimestamp,
  PickledTimeZone,
  PickledUuid,
  type TimeOfDay,
} from "./pickle/values.ts";
export type { PickleProtocol, PickleWriteOptions } from "./pickle/write.ts";
export { loadPickle } from "./pickle.ts";
export { type StandardSchema, validated } from "./schema.ts";
export { bytesOfText, type TextEncoding, type TextOptions, textOf, textPieces } from "./text.ts";
