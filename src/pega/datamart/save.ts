/** A datamart as Parquet files, under names by which the newest export is found again. */
import { type Depot, entrepot } from "../../depot/index.ts";
import type { DataFrame } from "../../table/index.ts";
import { type Address, joinUri } from "../../uri/index.ts";
import { formatPegaTime } from "./times.ts";
import type { SavedDatamart } from "./types.ts";

/** `cached_modelData_20211123T101500.123_GMT.parquet` and `cached_predictorData_…`, both with the time of the call. */
export async function saveTables(
  tables: { readonly models: DataFrame | undefined; readonly predictors: DataFrame | undefined },
  folder: Address,
  data: Depot | undefined,
  nowMs: number,
): Promise<SavedDatamart> {
  const stamp = formatPegaTime(nowMs).replace(" ", "_");
  const depot = data ?? entrepot();
  const write = async (frame: DataFrame | undefined, name: string) => {
    if (frame === undefined) return undefined;
    return (await depot.writeTable(joinUri(depot.resolve(folder, { for: "write" }), `${name}_${stamp}.parquet`), frame))
      .uri;
  };
  try {
    return {
      models: await write(tables.models, "cached_modelData"),
      predictors: await write(tables.predictors, "cached_predictorData"),
    };
  } finally {
    if (data === undefined) await depot.close();
  }
}
