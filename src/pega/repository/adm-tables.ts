/** The two tables of a datamart of adaptive models, as they are exported: either may be missing, both may not. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Frame } from "../../table/index.ts";
import { prefixOfTable } from "./tables.ts";
import type { FetchTableOptions, PegaRepository } from "./types.ts";

export interface RawAdmTables {
  readonly models: Frame | undefined;
  readonly predictors: Frame | undefined;
}

/** Fetches both at the same time. Error: not-found where there is no file of either, and those of `readTable`. */
export async function readAdmTables(
  { readTable, uri }: Pick<PegaRepository, "readTable" | "uri">,
  options: FetchTableOptions,
): Promise<RawAdmTables> {
  const orNone = async (table: Promise<Frame>): Promise<Frame | undefined> =>
    table.catch((error: unknown) => {
      // a bucket that is none is another matter, and has no prefix in its message
      if (isEntrepotError(error, "not-found") && error.message.startsWith("there is no file of ")) return undefined;
      throw error;
    });
  const [models, predictors] = await Promise.all([
    orNone(readTable("modelSnapshot", options)),
    orNone(readTable("predictorSnapshot", options)),
  ]);
  if (models !== undefined || predictors !== undefined) return { models, predictors };
  const folder = options.datamartFolder ?? "datamart";
  const prefixes = (["modelSnapshot", "predictorSnapshot"] as const).map((name) => prefixOfTable(name, folder));
  throw new EntrepotError("not-found", `there is no datamart in ${uri}: nothing begins with ${prefixes.join(" or ")}`, {
    uri,
    hint: "datamartFolder names another folder of the repository; entrepot ls shows what is there",
  });
}
