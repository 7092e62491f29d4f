/** Files that may be meant where a table has none of its usual name: `…_pyModelSnapshots_…` instead of `…_pzModelSnapshots_…`. */
import type { Depot } from "../../depot/index.ts";
import { markedKey } from "./marked.ts";
import type { RepositoryPlace } from "./place.ts";
import { type PegaTable, shorterPrefixOfTable } from "./tables.ts";

const shown = 3;

/** The first keys, by one listing; none for a table whose usual name is as short as can be. Errors: those of a listing. */
export async function similarFiles(
  data: Depot,
  place: RepositoryPlace,
  table: PegaTable,
  datamartFolder: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const prefix = shorterPrefixOfTable(table, datamartFolder);
  if (prefix === undefined) return [];
  const { uri, base } = place.below(prefix);
  const keys: string[] = [];
  for await (const { path } of data.list(uri, { prefix: true, signal, shards: 1, depth: 1 })) {
    const key = base + path;
    if (key.endsWith("/") || markedKey(key) !== undefined) continue;
    keys.push(key);
    if (keys.length === shown) break;
  }
  return keys;
}

/** Who names the folder of the tables as the repository looks for them one folder too deep. */
export function swappedHint({ uri }: RepositoryPlace, datamartFolder: string): string | undefined {
  const folder = datamartFolder.endsWith("/") ? datamartFolder : `${datamartFolder}/`;
  if (folder === "/" || !uri.endsWith(`/${folder}`)) return undefined;
  const above = JSON.stringify(uri.slice(0, -folder.length));
  return `the repository is the folder above, ${above}; as it is, datamartFolder: "" says that the tables lie in it`;
}

/** What to do about a table without files. `similar` are those that there are instead. */
export function missingTableHint(
  place: RepositoryPlace,
  table: PegaTable,
  similar: readonly string[],
  datamartFolder: string,
): string {
  const prefix = shorterPrefixOfTable(table, datamartFolder);
  const [first] = similar;
  if (first === undefined || prefix === undefined)
    return (
      swappedHint(place, datamartFolder) ??
      "datamartFolder names another folder of the repository; entrepot ls shows what is there"
    );
  const names = similar.map((key) => JSON.stringify(key)).join(", ");
  const folder = JSON.stringify(place.uriOf(first).replace(/[^/]*$/, ""));
  const reading = `readExport(${folder}, { table: ${JSON.stringify(table)}, files: "all" })`;
  return `there are ${names}: ${reading} reads them, fetchFiles(${JSON.stringify(prefix)}) fetches them`;
}
