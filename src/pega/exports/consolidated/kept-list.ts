/** What a consolidated copy holds: which Parquet file has which rows of which version of which export. */
import { hash } from "node:crypto";
import type { Disk } from "../../../disk/index.ts";
import { isEntrepotError } from "../../../error/index.ts";

/** Rows of one file, which lie one below the other. */
export interface KeptFile {
  readonly uri: string;
  /** What a source column says. */
  readonly source: string;
  readonly etag: string;
  readonly rows: number;
}

/** One Parquet file. */
export interface KeptPart {
  /** Its name. */
  readonly data: string;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
  /** Its column that says where a row comes from, for others who read it. */
  readonly sourceColumn: string;
  readonly isInferred: boolean;
  /** In the order of its rows. */
  readonly files: readonly KeptFile[];
}

export interface KeptList {
  /** Columns that are read as text, since not all files have the same in them. */
  readonly texts: readonly string[];
  /** Files with neither rows nor columns have no part. */
  readonly empty: readonly KeptFile[];
  readonly parts: readonly KeptPart[];
}

const version = 2;
/** No name of an export, so that a folder of exports may be the one that keeps their table. */
export const listName = "table.list";
export const partName: RegExp = /^part-[0-9a-f]{32}\.parquet$/;
const nothing: KeptList = { texts: [], empty: [], parts: [] };

/** What is damaged, gone or of another version is as if it had never been there. */
export async function readList(disk: Disk, folder: string): Promise<KeptList> {
  const path = `${folder}/${listName}`;
  if ((await disk.stat(path))?.kind !== "file") return nothing;
  try {
    const kept = JSON.parse(new TextDecoder().decode((await disk.readFile(path)).bytes)) as Partial<Written> | null;
    // what bears its hash is as it was written
    return kept?.version === version && kept.list !== undefined && kept.sha256 === hashOf(kept.list)
      ? kept.list
      : nothing;
  } catch (error) {
    if (error instanceof SyntaxError || isEntrepotError(error, "not-found")) return nothing;
    throw error;
  }
}

interface Written {
  readonly version: number;
  readonly sha256: string;
  readonly list: KeptList;
}

export async function writeList(disk: Disk, folder: string, list: KeptList): Promise<void> {
  const written: Written = { version, sha256: hashOf(list), list };
  await giveWay(disk, `${folder}/${listName}`);
  const bytes = new TextEncoder().encode(JSON.stringify(written));
  await disk.writeFile(`${folder}/${listName}`, bytes, { makeFolders: true });
}

/** What is no file goes aside from where one is to be. */
export async function giveWay(disk: Disk, path: string): Promise<void> {
  const kind = (await disk.stat(path))?.kind;
  if (kind !== undefined && kind !== "file") await disk.setAside(path);
}

function hashOf(list: KeptList): string {
  return hash("sha256", JSON.stringify(list));
}
