/** Which file of a zip is the export: `data.json` at the top, else the only one below, else the only export there is. */
import type { Archive } from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";
import { isExportName } from "../export-names.ts";

const dataName = "data.json";

/** Its path in the archive. Error: malformed where none or several could be meant. */
export async function exportIn(archive: Archive, uri: string): Promise<string> {
  const paths: string[] = [];
  for await (const { path, kind } of archive.list()) if (kind === "file" && !isOfThePacker(path)) paths.push(path);
  if (paths.includes(dataName)) return dataName;
  const below = paths.filter((path) => path.endsWith(`/${dataName}`));
  const found = below.length > 0 ? below : paths.filter((path) => isExportName(path));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const shown = (found.length > 0 ? found : paths).slice(0, 5).map((path) => JSON.stringify(path));
  const what = found.length > 1 ? `${found.length} files that could be the export` : "no data.json and no other export";
  throw new EntrepotError("malformed", `the zip ${uri} holds ${what}`, {
    uri,
    hint:
      shown.length === 0 ? "it is empty" : `it holds ${shown.join(", ")}; unpack it, and read the file that is meant`,
  });
}

/** What Java, macOS and Windows add. */
function isOfThePacker(path: string): boolean {
  return /^(?:META-INF|__MACOSX)\//i.test(path) || /(?:^|\/)(?:\.DS_Store|Thumbs\.db|\._[^/]*)$/i.test(path);
}
