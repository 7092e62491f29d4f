/** The datamart of adaptive models, as users of it see it. */
import type { Depot } from "../../depot/index.ts";
import type { Frame } from "../../table/index.ts";
import type { Address } from "../../uri/index.ts";
import type { PlotKind, PlotOptions } from "../pictures/index.ts";
import type { ColumnOptions } from "./chosen.ts";
import type { PredictorCategory } from "./derived.ts";
import type { TableName } from "./known-columns.ts";
import type { ModelQuery } from "./query.ts";
import type { DatamartRemark } from "./remark.ts";
import type { DatamartSummary } from "./summary.ts";

/** Tables of exports as they were read, columns by any of the names that Pega gives them. */
export interface AdmTables {
  readonly models?: Frame | undefined;
  readonly predictors?: Frame | undefined;
}

export interface AdmOptions extends ColumnOptions {
  /**
   * Columns of the context, in any case, with or without `py`: kept, and one that is missing holds `NA`. Default: `Channel`, `Direction`,
   * `Issue`, `Group`.
   */
  readonly contextKeys?: readonly string[] | undefined;
  /** Makes columns of the keys that Pega writes as JSON into names of models. Default `false`, as pdstools has it. */
  readonly extractKeys?: boolean | undefined;
  /**
   * Which models, once all columns are there. `Last_Positives` and `Last_ResponseCount` are of the rows that it leaves, as pdstools has
   * it, unless it names a column that is computed. Default: all.
   */
  readonly query?: ModelQuery | undefined;
  /** The category of a predictor, where the export has none. Default: what stands before the first `.`, else `Primary`. */
  readonly predictorCategory?: PredictorCategory | undefined;
  /** Where `save` writes. Default: a depot with the settings of the environment, for the length of the call. */
  readonly data?: Depot | undefined;
}

export interface SavedDatamart {
  /** Addresses of the Parquet files. */
  readonly models: string | undefined;
  readonly predictors: string | undefined;
}

export interface AdmDatamart {
  /** One row for each model and snapshot. Error where there are none: not-found. */
  readonly models: Frame;
  /** One row for each bin of each predictor, model and snapshot. Error where there are none: not-found. */
  readonly predictors: Frame;
  readonly has: Readonly<Record<TableName, boolean>>;
  /** What in the exports was not as it should be, and what was made of it. */
  readonly remarks: readonly DatamartRemark[];
  /** The rows of a table's last snapshot: those of its latest `SnapshotTime`. Default: of the models. */
  last(table?: TableName): Frame;
  /**
   * Models and the bins of their predictors, joined by `ModelID`, each table's last snapshot (`last: false`: all of them). What both have
   * ends in `Bin` where it is the predictor's.
   */
  combined(options?: { readonly last?: boolean | undefined }): Frame;
  /** The datamart of some models and their predictors, figures as they are here; this one stays as it is. Error: malformed for a column that is not there. */
  query(query: ModelQuery): AdmDatamart;
  summary(): DatamartSummary;
  /**
   * Writes the tables as Parquet below a folder, under names that a search for the newest export finds. Errors: those of
   * `writeTable`.
   */
  save(folder: Address): Promise<SavedDatamart>;
  /** A picture that needs nothing else: the text of an SVG or an HTML file. Error: missing-peer without the package echarts. */
  plot<K extends PlotKind>(kind: K, options?: PlotOptions<K>): Promise<string>;
}
