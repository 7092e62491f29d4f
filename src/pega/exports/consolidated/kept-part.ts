/** Parts of a consolidated copy in and out of their Parquet files. */
import { createHash, hash } from "node:crypto";
import type { Disk } from "../../../disk/index.ts";
import { isEntrepotError } from "../../../error/index.ts";
import type { DataFrame, Polars } from "../../../table/index.ts";
import { formatUri } from "../../../uri/index.ts";
import type { ReadSettings } from "../read/read-files.ts";
import { type Sourced, withSources } from "../read/union.ts";
import { giveWay, type KeptFile, type KeptPart, listName, partName } from "./kept-list.ts";

/** Rows of some files in memory, without a column that says where they come from. */
export interface Part extends Sourced {
  readonly isInferred: boolean;
  readonly files: readonly KeptFile[];
  /** What holds just this, where there is something. */
  readonly kept: KeptPart | undefined;
}

/** What the column is called that says where a row comes from, where the export has none of that name. */
const sourceColumn = "source_file";
const chunkBytes = 1024 * 1024;

/** `undefined` when it is gone or damaged. */
export async function readPart(
  disk: Disk,
  folder: string,
  kept: KeptPart,
  { data, signal }: ReadSettings,
): Promise<Part | undefined> {
  const path = `${folder}/${kept.data}`;
  if (!partName.test(kept.data) || (await sha256Of(disk, path, signal)) !== kept.sha256) return undefined;
  try {
    const from = formatUri({ scheme: "file", path });
    const frame = (await data.readTable(from, { format: "parquet", signal })) as DataFrame;
    return { frame: frame.drop(kept.sourceColumn), isInferred: kept.isInferred, files: kept.files, kept };
  } catch (error) {
    if (isEntrepotError(error, "not-found", "changed", "malformed", "truncated", "unsupported")) return undefined;
    throw error;
  }
}

export async function savePart(
  pl: Polars,
  disk: Disk,
  folder: string,
  part: Part,
  { data, signal }: ReadSettings,
): Promise<KeptPart> {
  if (part.kept !== undefined) return part.kept;
  const { frame, files, isInferred } = part;
  let name = sourceColumn;
  for (let at = 2; frame.columns.includes(name); at += 1) name = `${sourceColumn}_${at}`;
  const called = `part-${hash("sha256", JSON.stringify([frame.columns, files])).slice(0, 32)}.parquet`;
  const path = `${folder}/${called}`;
  await giveWay(disk, path);
  await data.writeTable(formatUri({ scheme: "file", path }), withSources(pl, part, name), {
    format: "parquet",
    signal,
  });
  const sha256 = (await sha256Of(disk, path, signal)) ?? "";
  return { data: called, sha256, sourceColumn: name, isInferred, files };
}

export async function removeOthers(disk: Disk, folder: string, used: ReadonlySet<string>): Promise<void> {
  for (const { name, kind } of (await disk.readFolder(folder)) ?? [])
    if (kind === "file" && name !== listName && partName.test(name) && !used.has(name))
      await disk.removeFile(`${folder}/${name}`);
}

/** `undefined` for what is no file, or none any more: another process may keep its own parts here. */
async function sha256Of(disk: Disk, path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  if ((await disk.stat(path))?.kind !== "file") return undefined;
  const file = await disk.openRead(path).catch((error: unknown) => {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const sum = createHash("sha256");
    const chunk = new Uint8Array(chunkBytes);
    for (let at = 0; ; ) {
      signal?.throwIfAborted();
      const count = await file.read(chunk, at);
      if (count === 0) return sum.digest("hex");
      sum.update(chunk.subarray(0, count));
      at += count;
    }
  } finally {
    await file.close();
  }
}
