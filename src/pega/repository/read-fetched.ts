/** Files that were fetched as one table, through the consolidated copy that lies beside them: one for each address that was fetched. */
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Depot } from "../../depot/index.ts";
import { pegaFolderName } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { Frame } from "../../table/index.ts";
import { toldOnce } from "../exports/read/read-sound.ts";
import { readFound } from "../exports/read-export.ts";
import { fetchedFile } from "../exports/sources.ts";
import type { FetchedFiles, ReadTableOptions } from "./types.ts";

/** How often files are fetched that others replace before they are read. */
const mostFetches = 4;

/** Fetches and reads, and does both again where a file was replaced in between: other repositories may share the folder. */
export async function fetchAndRead<F, T>(bring: () => Promise<F>, read: (fetched: F) => Promise<T>): Promise<T> {
  for (let fetches = 1; ; fetches += 1) {
    const fetched = await bring();
    try {
      return await read(fetched);
    } catch (error) {
      if (fetches === mostFetches || !isEntrepotError(error, "changed")) throw error;
    }
  }
}

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
