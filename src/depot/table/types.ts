/** What tables are asked and told, beside what every read and write takes. */
import type { ColumnChoice, ReadFormats, TableFormat, Where, WriteFormats } from "../../table/index.ts";
import type { Written } from "../../transfer/index.ts";
import type { DecompressOptions, EncodeOptions, LocalPath, OnError, OnWriteError, ReadOptions } from "../options.ts";

/** What any table can be asked. */
export interface TableQuery<C extends ColumnChoice = ColumnChoice, E extends OnError = OnError>
  extends ReadOptions<E>,
    DecompressOptions {
  /** Which columns, in this order; as a record also their types. Of Parquet only theirs are fetched. Default: all. */
  readonly columns?: C | undefined;
  /** Which rows. Of Parquet, row groups that cannot hold one are not fetched. Default: all. */
  readonly where?: Where<NoInfer<C>> | undefined;
  /**
   * Rows at most, from 0: the first ones. Of text, only as much is fetched as they need, and types are found in them alone: `types` says
   * those of the whole. Default: all.
   */
  readonly limit?: number | undefined;
  /** A column of text with the address that each row comes from; TypeError where the table has a column of that name. Default: none. */
  readonly sourceColumn?: string | undefined;
  /**
   * Whether folders such as `year=2024/` in the addresses of many files are columns, and decide which files `where` needs. Whole numbers,
   * days and booleans become that where all of a column are. A column of a file that has the same name gives way. Default true.
   */
  readonly partitions?: boolean | undefined;
  /**
   * A folder of this disk that keeps the table of many files from call to call: then only files that are new or changed are read again.
   * With other columns, conditions or options all are; TypeError with a single address. Default: none.
   */
  readonly incremental?: LocalPath | undefined;
}

export type TableReadOptions<
  F extends TableFormat = TableFormat,
  C extends ColumnChoice = ColumnChoice,
  E extends OnError = OnError,
> = { readonly [K in F]: TableQuery<C, E> & ReadFormats[K] & { readonly format?: K | undefined } }[F];

export type TableWriteOptions<F extends TableFormat = TableFormat, E extends OnWriteError = OnWriteError> = {
  readonly [K in F]: EncodeOptions<E> & WriteFormats[K] & WritePartitions & { readonly format?: K | undefined };
}[F];

export interface WritePartitions {
  /**
   * Columns whose values become folders, `year=2024/part-0.parquet`, below an address that is then a folder; `format` (default
   * `"parquet"`) says what is in them. A folder only has a text: a column of text that is all whole numbers, days or `true` and `false`
   * is read back as those, unless `types` or `columns` says `"string"`. Default: one file.
   */
  readonly partitionBy?: readonly string[] | undefined;
  /**
   * What becomes of files that are in that folder: `"merge"` leaves those of other values, `"replace"` removes them when all of the new
   * ones are written. Default: not-empty.
   */
  readonly existing?: "merge" | "replace" | undefined;
}

/** What was written with `partitionBy`. */
export interface PartitionedTable {
  /** The folder. */
  readonly uri: string;
  readonly files: readonly Written[];
}
