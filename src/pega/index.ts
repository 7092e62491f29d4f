/** The door `entrepot/pega`: what Pega exports to a folder of S3, here, as files and as tables. */
export {
  type AdmDatamart,
  type AdmOptions,
  type AdmTables,
  admDatamart,
  type BubbleOptions,
  type ChannelFigures,
  type ColumnOptions,
  type DatamartRemark,
  type DatamartSummary,
  type Figures,
  formatPegaTime,
  type ModelColumns,
  type ModelQuery,
  type ModelRow,
  type PictureOptions,
  type PlotKind,
  type PlotOptions,
  type PlotOptionsByKind,
  type PredictorCategory,
  type PredictorOptions,
  parsePegaTime,
  plotKinds,
  type ReadDatamartOptions,
  readDatamart,
  type SavedDatamart,
  type SnapshotSpan,
  type TableName,
  type TrendOptions,
} from "./datamart/index.ts";
export type { ExportTable } from "./exports/export-names.ts";
export { readExport } from "./exports/read-export.ts";
export type { ExportSource, ReadExportOptions } from "./exports/types.ts";
export type { FetchedFile } from "./repository/fetched-file.ts";
export { pegaRepository } from "./repository/repository.ts";
export { type PegaTable, pegaTables } from "./repository/tables.ts";
export type {
  FetchDatamartOptions,
  FetchedFiles,
  FetchOptions,
  FetchTableOptions,
  PegaRepository,
  PegaRepositoryOptions,
  ReadTableOptions,
} from "./repository/types.ts";
