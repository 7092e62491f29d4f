/** Frames in and out of files, by polars, which lives here alone. */

export { readArrowFile } from "./arrow/read-arrow.ts";
export type { ColumnChoice, ColumnType, DecimalType, TsOf } from "./columns.ts";
export { readCsvFile, type TextFile } from "./csv/read-csv.ts";
export { type DataFrame, loadPolars, type Polars } from "./engine.ts";
export { formatOfName, type NamedFormat } from "./format-of-name.ts";
export type { FormatOf, ReadFormats, TableFormat, WriteFormats } from "./formats.ts";
export type { EngineOf, EngineOptions, Frame } from "./frame.ts";
export { readJsonFile } from "./json/read-json.ts";
export { splitValues } from "./json/split-values.ts";
export { type Partition, partitioned } from "./many/partitioned.ts";
export { constantOf, kindOfTexts, partitionsOfKey } from "./many/partitions.ts";
export { type Part, unite } from "./many/unite.ts";
export { withConstants } from "./many/with-constants.ts";
export { type RangeSource, readParquet } from "./parquet/read-parquet.ts";
export { queryTables } from "./query.ts";
export type { Question } from "./read/question.ts";
export { type Condition, columnsOfCondition, conditionOf } from "./rows/condition.ts";
export { type Constant, decided, isNever } from "./rows/fit.ts";
export type { Scalar, Test, Where } from "./rows/where.ts";
export { statsOf } from "./stats.ts";
export { columnsOf } from "./values/columns-of.ts";
export { columns, type ExactOptions, rows } from "./values/exact.ts";
export { exactCast } from "./values/exact-cast.ts";
export { type Column, type Kind, kindName } from "./values/kind.ts";
export { kindNamed } from "./values/types.ts";
export { type WriteAs, writeTableFile } from "./write/write-file.ts";
