/** What the options of tables may be; which of them a format has, is said when it is known. */
import {
  type Check,
  isCount,
  isFilledString,
  isFlag,
  isOneOf,
  isString,
  kindOfValue,
  wrongValue,
} from "../../error/index.ts";
import { tableFormats } from "../../table/index.ts";
import { type Checks, isLocalPath } from "../option-checks.ts";

/** Checked where the question is made. */
const isAny: Check = () => undefined;
const isRecord: Check = (value, name, what) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? undefined
    : wrongValue(name, what, "{ name: value }", value);
const isTexts: Check = (value, name, what) =>
  Array.isArray(value) && value.every((each) => typeof each === "string")
    ? undefined
    : wrongValue(name, what, "an array of strings", value);
const isColumns: Check = (value, name, what) =>
  Array.isArray(value) ? isTexts(value, name, what) : isRecord(value, name, what);
const isNumbers: Check = (value, name, what) =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0)
    ? undefined
    : wrongValue(name, what, "an array of whole numbers from 0", value);
const isQuote: Check = (value, name, what) =>
  value === false || typeof value === "string"
    ? undefined
    : new TypeError(`${name} of ${what} is a character or false, not ${kindOfValue(value)}`);

const format: Checks = { format: isOneOf(tableFormats), engine: isRecord };
const shape: Checks = { delimiter: isString, header: isFlag, quote: isQuote, decimal: isOneOf([".", ","]) };

export const tableRead: Checks = {
  ...format,
  ...shape,
  columns: isColumns,
  where: isAny,
  limit: isCount(0, { orInfinity: true }),
  skipRows: isCount(0),
  comment: isString,
  nullValues: isTexts,
  types: isRecord,
  dates: isFlag,
  rowGroups: isNumbers,
  sourceColumn: isFilledString,
  partitions: isFlag,
  incremental: isLocalPath,
};
export const newline: Check = isOneOf(["lf", "crlf", "\n", "\r\n"]);
export const tableWrite: Checks = {
  ...format,
  ...shape,
  newline,
  nullValue: isString,
  floatDigits: isCount(0),
  floatScientific: isFlag,
  dateFormat: isString,
  timestampFormat: isString,
  codec: isOneOf(["snappy", "zstd", "gzip", "lz4", "brotli", "none"], { uncompressed: 'write "none"' }),
  rowGroupRows: isCount(1),
  partitionBy: isTexts,
  existing: isOneOf(["merge", "replace"], { refuse: "leave it out" }),
};
