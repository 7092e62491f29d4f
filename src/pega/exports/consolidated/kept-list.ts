/** What a consolidated copy holds: which Parquet file has which rows of which version of which export. */

import type { Disk } from "../../../disk/index.ts";
import { isEntrepotError } from "../../../error/index.ts";

/** Rows of one file, which lie one below the other. */
export interface KeptFile {
  readonly uri: string;
  /** What the column `source_file` says. */
  readonly source: string;
  readonly etag: string;
  readonly rows: number;
}

/** One Parquet file. */
export interface KeptPart {
  /** Its name. */
  readonly data: string;
  readonly isInferred: boolean;
  /** In the order of its rows. */
  readonly files: readonly KeptFile[];
}

export interface KeptList {
  /** Columns that are read as text, since not all files have the same in them. */
  readonly texts: readonly string[];
  /** Files without any row have no part. */
  readonly empty: readonly KeptFile[];
  readonly parts: readonly KeptPart[];
}

const version = 1;
export const listName = "table.json";
export const partName: RegExp = /^part-[0-9a-f]{32}\.parquet$/;
const nothing: KeptList = { texts: [], empty: [], parts: [] };

/** What is damaged or gone is as if it had never been there. */
export async function readList(disk: Disk, folder: string): Promise<KeptList> {
  try {
    const { bytes } = await disk.readFile(`${folder}/${listName}`);
    const list = JSON.parse(new TextDecoder().decode(bytes)) as KeptList & { readonly version?: unknown };
    return isList(list) ? list : nothing;
  } catch (error) {
    if (error instanceof SyntaxError || isEntrepotError(error, "not-found")) return nothing;
    throw error;
  }
}

export async function writeList(disk: Disk, folder: string, list: KeptList): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify({ version, ...list }));
  await disk.writeFile(`${folder}/${listName}`, bytes, { makeFolders: true });
}

function isList(value: Partial<KeptList> & { readonly version?: unknown }): boolean {
  const { texts, empty, parts } = value ?? {};
  if (value?.version !== version || !Array.isArray(texts) || !Array.isArray(empty) || !Array.isArray(parts))
    return false;
  return (
    empty.every(isFile) &&
    parts.every(({ data, files }: Partial<KeptPart>) => {
      return typeof data === "string" && partName.test(data) && Array.isArray(files) && files.every(isFile);
    })
  );
}

function isFile({ uri, source, etag, rows }: Partial<KeptFile>): boolean {
  return [uri, source, etag].every((text) => typeof text === "string") && Number.isSafeInteger(rows);
}
