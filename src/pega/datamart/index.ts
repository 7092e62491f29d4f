/** Exports of adaptive models as one datamart: tables, figures, queries, pictures. */

export type {
  BubbleOptions,
  PictureOptions,
  PlotKind,
  PlotOptions,
  PlotOptionsByKind,
  PredictorOptions,
  TrendOptions,
} from "../pictures/index.ts";
export { plotKinds } from "../pictures/kinds.ts";
export { admDatamart } from "./adm-datamart.ts";
export type { ColumnOptions } from "./chosen.ts";
export type { PredictorCategory } from "./derived.ts";
export type { TableName } from "./known-columns.ts";
export type { ModelColumns, ModelQuery, ModelRow } from "./query.ts";
export { type ReadDatamartOptions, readDatamart } from "./read-datamart.ts";
export type { DatamartRemark } from "./remark.ts";
export type { ChannelFigures, DatamartSummary, Figures, SnapshotSpan } from "./summary.ts";
export { formatPegaTime, parsePegaTime } from "./times.ts";
export type { AdmDatamart, AdmOptions, AdmTables, SavedDatamart } from "./types.ts";
