/** The newest exports of a folder as a datamart: what `ADMDatamart(path)` is in pdstools. */
import { type Depot, entrepot } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Frame } from "../../table/index.ts";
import { type Address, folderOf, formatUri, parseUri } from "../../uri/index.ts";
import { readExportOr } from "../exports/read-export.ts";
import { makeDatamart } from "./adm-datamart.ts";
import { brokenTold } from "./broken.ts";
import { checkReadOptions } from "./option-checks.ts";
import type { DatamartRemark } from "./remark.ts";
import type { AdmDatamart, AdmOptions } from "./types.ts";

export interface ReadDatamartOptions extends AdmOptions {
  /** The newest export of each table, or all of them, one below the other. Default `"newest"`. */
  readonly files?: "newest" | "all" | undefined;
  /** Told of each file that is damaged, which is then left out. Default: the first one is the error of the call. */
  readonly onBroken?: ((error: EntrepotError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the newest exports of models and of predictors that lie in a folder; either may be missing. Errors: not-found where both are, and
 * those of `readExport` and `admDatamart`.
 */
export async function readDatamart(folder: Address, options: ReadDatamartOptions = {}): Promise<AdmDatamart> {
  checkReadOptions(options);
  const { files, signal, onBroken, ...rest } = options;
  const data = options.data ?? entrepot();
  try {
    const uri = formatUri(folderOf(parseUri(data.resolve(folder))));
    const told = (table: "modelSnapshot" | "predictorSnapshot") =>
      onBroken === undefined
        ? undefined
        : brokenTold(table === "modelSnapshot" ? "models" : "predictors", onBroken, (remark) => remarks.push(remark));
    const remarks: DatamartRemark[] = [];
    const orNone = (table: "modelSnapshot" | "predictorSnapshot"): Promise<Frame | undefined> =>
      // a bucket that is none is another matter
      readExportOr(uri, { data, table, files, signal, onBroken: told(table) }, () => undefined);
    const [models, predictors] = await Promise.all([orNone("modelSnapshot"), orNone("predictorSnapshot")]);
    if (models === undefined && predictors === undefined) throw await nothingIn(data, folder, uri, signal);
    return await makeDatamart({ models, predictors }, rest, remarks);
  } finally {
    if (options.data === undefined) await data.close();
  }
}

/** A single export, or a repository, is easily taken for a folder of exports. */
async function nothingIn(
  data: Depot,
  folder: Address,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<EntrepotError> {
  const asked = data.resolve(folder);
  if (!asked.endsWith("/") && (await data.stat(asked, { signal, onError: "allow-missing" })) !== undefined)
    return new EntrepotError("not-found", `${asked} is one file, not a folder of exports`, {
      uri: asked,
      hint: `admDatamart({ models: await readExport(${JSON.stringify(asked)}) }) takes one export of models`,
    });
  const below = `${uri}datamart/`;
  const hint = (await data.exists(below, { signal }))
    ? `a repository keeps them in its folder: ${JSON.stringify(below)}`
    : "list it to see what is there; exports are known by their names";
  return new EntrepotError("not-found", `there is no export of models or predictors in ${uri}`, { uri, hint });
}
