/** The newest exports of a folder as a datamart: what `ADMDatamart(path)` is in pdstools. */
import { entrepot } from "../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Frame } from "../../table/index.ts";
import { type Address, folderOf, formatUri, parseUri } from "../../uri/index.ts";
import { readExport } from "../exports/read-export.ts";
import { makeDatamart } from "./adm-datamart.ts";
import { brokenTold } from "./broken.ts";
import { checkAdmOptions } from "./option-checks.ts";
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
  const { files, signal, onBroken, ...rest } = options;
  checkAdmOptions(rest);
  const data = options.data ?? entrepot();
  try {
    const uri = formatUri(folderOf(parseUri(data.resolve(folder))));
    const told = (table: "modelSnapshot" | "predictorSnapshot") =>
      onBroken === undefined
        ? undefined
        : brokenTold(table === "modelSnapshot" ? "models" : "predictors", onBroken, (remark) => remarks.push(remark));
    const remarks: DatamartRemark[] = [];
    const orNone = (table: "modelSnapshot" | "predictorSnapshot"): Promise<Frame | undefined> =>
      readExport(uri, { data, table, files, signal, onBroken: told(table) }).catch((error: unknown) => {
        // a bucket that is none is another matter
        if (isEntrepotError(error, "not-found") && error.message.startsWith("there is no export of ")) return undefined;
        throw error;
      });
    const [models, predictors] = await Promise.all([orNone("modelSnapshot"), orNone("predictorSnapshot")]);
    if (models === undefined && predictors === undefined)
      throw new EntrepotError("not-found", `there is no export of models or predictors in ${uri}`, {
        uri,
        hint: "list it to see what is there; exports are known by their names",
      });
    return await makeDatamart({ models, predictors }, rest, remarks);
  } finally {
    if (options.data === undefined) await data.close();
  }
}
