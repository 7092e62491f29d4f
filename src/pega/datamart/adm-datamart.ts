/** Exports of adaptive models as a datamart: typed tables with derived figures, as pdstools makes them of the same files. */
import { EntrepotError, kindOfValue } from "../../error/index.ts";
import { type DataFrame, loadPolars, type Polars } from "../../table/index.ts";
import { chosen, columnHint } from "./chosen.ts";
import { categoryOf, isDerived, withBinFigures, withLastChanges, withModelFigures } from "./derived.ts";
import { extractKeys } from "./embedded-keys.ts";
import { remarkOnGaps, remarkOnStrangers, remarkOnUnknown } from "./gaps.ts";
import type { TableName } from "./known-columns.ts";
import { columnName } from "./names.ts";
import { oneName } from "./one-name.ts";
import { checkAdmOptions } from "./option-checks.ts";
import { type ModelQuery, queried } from "./query.ts";
import type { DatamartRemark } from "./remark.ts";
import { saveTables } from "./save.ts";
import { combined, lastSnapshot } from "./snapshots.ts";
import { summaryOf } from "./summary.ts";
import { typed } from "./typed.ts";
import type { AdmDatamart, AdmOptions, AdmTables } from "./types.ts";

const defaultContext = ["Channel", "Direction", "Issue", "Group"];

interface Tables {
  readonly models: DataFrame | undefined;
  readonly predictors: DataFrame | undefined;
}

/**
 * A datamart of tables that were read, which stay as they are. Errors: malformed for a table without `ModelID` and for text in the place
 * of a number; missing-peer without nodejs-polars; TypeError for what is no table or no option.
 */
export async function admDatamart(tables: AdmTables, options: AdmOptions = {}): Promise<AdmDatamart> {
  checkArguments(tables, options);
  return makeDatamart(tables, options);
}

/** `before` is what was to be told of the files that the tables were read from. */
export async function makeDatamart(
  tables: AdmTables,
  options: AdmOptions,
  before: readonly DatamartRemark[] = [],
): Promise<AdmDatamart> {
  const pl = await loadPolars();
  const remarks = [...before];
  const tell = (remark: DatamartRemark) => remarks.push(remark);
  const known = new Set<string>();
  const contextKeys = [...new Set((options.contextKeys ?? defaultContext).map(columnName))];
  const included = [...(options.includeColumns ?? []), ...contextKeys];
  const prepared = (frame: AdmTables["models"], table: TableName) => {
    if (frame === undefined) return undefined;
    let part = withIdentity(pl, oneName(pl, frame as DataFrame), table);
    for (const name of part.columns) known.add(name);
    part = chosen(part, table === "models" ? { ...options, includeColumns: included } : options);
    if (table === "models" && options.extractKeys === true) part = extractKeys(pl, part, tell);
    remarkOnGaps(part, table, tell);
    return typed(pl, part, table, tell);
  };
  const models = prepared(tables.models, "models");
  const predictors = prepared(tables.predictors, "predictors");
  remarkOnUnknown(options.includeColumns ?? [], known, tell);
  remarkOnStrangers(models, predictors, tell);
  const whole: Tables = {
    models: models && withModelFigures(pl, models, contextKeys),
    predictors: predictors && withBinFigures(pl, predictors, options.predictorCategory ?? categoryOf),
  };
  const asked = options.query === undefined ? whole : askedOf(pl, whole, options.query);
  return datamartOf(pl, asked, options, remarks);
}

/** As pdstools does, changes are those between the rows that are left, unless the query asks for what is computed. */
function askedOf(pl: Polars, whole: Tables, query: ModelQuery): Tables {
  const asked = queried(pl, whole, query);
  if (typeof query !== "function" && Object.keys(query).some((name) => isDerived(columnName(name)))) return asked;
  return { ...asked, models: asked.models && withLastChanges(pl, asked.models) };
}

function datamartOf(pl: Polars, tables: Tables, options: AdmOptions, remarks: readonly DatamartRemark[]): AdmDatamart {
  const table = (name: TableName): DataFrame => {
    const frame = tables[name];
    if (frame !== undefined) return frame;
    throw new EntrepotError("not-found", `the datamart has no ${name}`, { hint: `give it an export of ${name}, too` });
  };
  const last = (name: TableName = "models") => lastSnapshot(pl, table(name));
  const both = () => combined(last("models"), last("predictors"));
  return {
    get models() {
      return table("models");
    },
    get predictors() {
      return table("predictors");
    },
    has: { models: tables.models !== undefined, predictors: tables.predictors !== undefined },
    remarks,
    last,
    combined: ({ last: ofLast = true } = {}) => (ofLast ? both() : combined(table("models"), table("predictors"))),
    query: (query) => datamartOf(pl, queried(pl, tables, query), options, remarks),
    summary: () => summaryOf(pl, tables.models, tables.predictors),
    save: (folder) => saveTables(tables, folder, options.data, Date.now()),
    async plot(kind, given = {}) {
      const { drawPlot } = await import("../pictures/index.ts");
      const lastPredictors = () => last("predictors");
      return drawPlot({ ...tables, lastModels: () => last("models"), lastPredictors, combined: both }, kind, given);
    },
  };
}

/** An export of nothing has no columns; one with rows has models. */
function withIdentity(pl: Polars, frame: DataFrame, table: TableName): DataFrame {
  if (frame.columns.includes("ModelID")) return frame;
  const column = (name: string) => pl.Series(name, [] as string[], pl.String);
  if (frame.height === 0)
    return pl.DataFrame([
      ...["ModelID", "Positives", "ResponseCount", "Performance"].map(column),
      ...(table === "models"
        ? [...defaultContext, "Name"]
        : ["PredictorName", "EntryType", "BinPositives", "BinNegatives", "BinResponseCount"]
      ).map(column),
    ]);
  throw new EntrepotError("malformed", `this is no table of ${table}: it has no column ModelID`, {
    hint: columnHint("ModelID", frame.columns),
  });
}

function checkArguments(tables: AdmTables, options: AdmOptions): void {
  if (typeof tables !== "object" || tables === null)
    throw new TypeError(`admDatamart() takes { models, predictors }, not ${kindOfValue(tables)}`);
  for (const name of Object.keys(tables))
    if (name !== "models" && name !== "predictors")
      throw new TypeError(`admDatamart() takes { models, predictors }, and no ${JSON.stringify(name)}`);
  for (const [name, frame] of Object.entries(tables) as [string, unknown][])
    if (frame !== undefined && typeof (frame as Partial<DataFrame> | null)?.getColumn !== "function")
      throw new TypeError(`${name} of admDatamart() is a frame, not ${kindOfValue(frame)}`);
  if (tables.models === undefined && tables.predictors === undefined)
    throw new TypeError("admDatamart() takes { models, predictors }: at least one of the two");
  checkAdmOptions(options);
}
