/** Files that were fetched as one table, through the consolidated copy that lies beside them: one for each address that was fetched. */
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Depot } from "../../depot/index.ts";
import { pegaFolderName } from "../../disk/index.ts";
import type { Frame } from "../../table/index.ts";
import { toldOnce } from "../exports/read/read-sound.ts";
import { readFound } from "../exports/read-export.ts";
import { fetchedFile } from "../exports/sources.ts";
import type { FetchedFiles, ReadTableOptions } from "./types.ts";

export function readFetched(
  data: Depot,
  downloadDir: string,
  { files, uri }: Pick<FetchedFiles, "files" | "uri">,
  { sourceColumn, onBroken, signal }: Pick<ReadTableOptions, "sourceColumn" | "onBroken" | "signal">,
): Promise<Frame> {
  const folder = join(downloadDir, pegaFolderName, `table-${hash("sha256", uri).slice(0, 32)}`);
  return readFound(
    files.map(fetchedFile),
    { data, signal, onBroken: toldOnce(onBroken) },
    { folder, sourceColumn, uri },
  );
}
