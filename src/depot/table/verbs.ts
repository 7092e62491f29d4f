/** The verbs of tables, as types. */
import type { AnyFrame, ColumnChoice, FormatOf, Frame, TableFormat } from "../../table/index.ts";
import type { Written } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import type { Sources } from "../entries.ts";
import type { OnError, OnWriteError, Otherwise } from "../options.ts";
import type { PartitionedTable, TableReadOptions, TableWriteOptions } from "./types.ts";

export interface TableVerbs {
  /**
   * A table as a polars frame, by its suffix or `format`: CSV, JSON lines, JSON, Parquet, Arrow, pickled pandas frames; compressed by
   * suffix. Nothing is lost on the way: a cell that does not fit is malformed, a value that no column type holds unsupported. Error: missing-peer without
   * nodejs-polars; malformed, unsupported, and those of a read.
   */
  readTable<
    const U extends Address | Sources,
    const C extends ColumnChoice = readonly string[],
    E extends OnError = "throw",
    F extends TableFormat = FormatOf<U>,
  >(from: U, options?: TableReadOptions<F, C, E> & { readonly format?: F | undefined }): Promise<Frame | Otherwise[E]>;
  /** Writes a polars frame as a folder of files, one for each value of the columns of `partitionBy`. Each file is all or nothing. */
  writeTable<E extends OnWriteError = "throw", F extends TableFormat = "parquet">(
    to: Address,
    frame: AnyFrame,
    options: TableWriteOptions<F, E> & { readonly format?: F | undefined; readonly partitionBy: readonly string[] },
  ): Promise<PartitionedTable | Otherwise[E]>;
  /** Writes a polars frame, by its suffix or `format`. All or nothing. Errors: missing-peer, unsupported for what the format cannot hold. */
  writeTable<const U extends Address, E extends OnWriteError = "throw", F extends TableFormat = FormatOf<U>>(
    to: U,
    frame: AnyFrame,
    options?: TableWriteOptions<F, E> & { readonly format?: F | undefined },
  ): Promise<Written | Otherwise[E]>;
}
