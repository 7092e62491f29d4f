/** That a table is shown as text, or not at all, because the package that reads tables is not where the server runs. */
import { isEntrepotError } from "../../error/index.ts";
import { formatOfName, loadPolars } from "../../table/index.ts";
import type { OutputRecord } from "../store/index.ts";
import type { Preview } from "./preview-form.ts";

/** With `needs`, where there is anything that the package would show. */
export async function withTableNeed(
  preview: Preview,
  { path, sizeBytes }: Pick<OutputRecord, "path" | "sizeBytes">,
  load: () => Promise<unknown> = loadPolars,
): Promise<Preview> {
  if ((preview.kind !== "text" && preview.kind !== "none") || sizeBytes === 0 || !isTable(path)) return preview;
  try {
    await load();
    return preview;
  } catch (error) {
    if (isEntrepotError(error, "missing-peer")) return { ...preview, needs: "nodejs-polars" };
    throw error;
  }
}

/** JSON is shown as text anyway. */
function isTable(path: string): boolean {
  try {
    return formatOfName(path, undefined).format !== "json";
  } catch (error) {
    if (isEntrepotError(error, "unsupported")) return false;
    throw error;
  }
}
