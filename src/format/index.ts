/** Bytes ↔ values: text, JSON, lines, CSV. */
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
export { type LineOptions, linesOf, lineText, splitLines } from "./lines.ts";
export { type StandardSchema, validated } from "./schema.ts";
export { bytesOfText, type TextEncoding, type TextOptions, textOf, textPieces } from "./text.ts";
