/**
 * The door `entrepot/table`: makes the frames of the main door the whole of nodejs-polars' `DataFrame`, and gives their values
 * exactly. Importing it loads no polars.
 */
import type {
  DataFrame,
  LazyDataFrame,
  ReadParquetOptions,
  ScanCsvOptions,
  ScanIPCOptions,
  ScanJsonOptions,
} from "nodejs-polars";

declare module "./table/frame.ts" {
  // biome-ignore lint/suspicious/noExplicitAny: frames of any columns are frames
  interface Frame extends DataFrame<any> {}
  interface EngineOptions {
    readonly scanCsv: Partial<ScanCsvOptions>;
    readonly scanJson: Partial<ScanJsonOptions>;
    readonly scanIpc: Partial<ScanIPCOptions>;
    readonly readParquet: Partial<ReadParquetOptions>;
    readonly sinkCsv: NonNullable<Parameters<LazyDataFrame["sinkCSV"]>[1]>;
    readonly sinkJson: NonNullable<Parameters<LazyDataFrame["sinkNdJson"]>[1]>;
    readonly sinkParquet: NonNullable<Parameters<LazyDataFrame["sinkParquet"]>[1]>;
    readonly sinkIpc: NonNullable<Parameters<LazyDataFrame["sinkIpc"]>[1]>;
  }
}

export { EntrepotError, type ErrorCode, isEntrepotError } from "./error/index.ts";
export { columns, type EngineOptions, type ExactOptions, type Frame, rows } from "./table/index.ts";
