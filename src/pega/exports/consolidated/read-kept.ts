/**
 * Exports as one table, kept on this disk as Parquet from call to call: only files that are new or changed are read again, and those
 * that are gone are left out. The answer is that of reading all of them.
 */
import { hash } from "node:crypto";
import { type Disk, openNodeDisk } from "../../../disk/index.ts";
import { isEntrepotError } from "../../../error/index.ts";
import { type DataFrame, loadPolars, type Polars } from "../../../table/index.ts";
import { formatUri } from "../../../uri/index.ts";
import type { ExportFile } from "../read/export-file.ts";
import type { ReadSettings } from "../read/read-files.ts";
import { readSound } from "../read/read-sound.ts";
import { mixedColumns, union, withSources } from "../read/union.ts";
import { inOrder, named, type Part } from "./in-order.ts";
import { type KeptFile, listName, partName, readList, writeList } from "./kept-list.ts";

/** The column of the Parquet files that says where a row comes from. */
export const keptSourceColumn = "source_file";

/** More Parquet files than these become fewer. */
const mostParts = 16;
/** Cells from which on a part is large, and stays by itself. */
const largeCells = 8_000_000;

/** The frame has the column `source_file`. `uri` names them all in messages. */
export async function readKept(
  files: readonly ExportFile[],
  folder: string,
  settings: ReadSettings,
  uri: string,
): Promise<DataFrame> {
  const pl = await loadPolars();
  const disk = openNodeDisk();
  const list = await readList(disk, folder);
  const texts = new Set(list.texts);
  const wanted = new Map(files.map((file) => [file.uri, file]));
  const isWanted = ({ uri: at, etag, source }: KeptFile) => {
    const file = wanted.get(at);
    return etag !== "" && file?.etag === etag && file.source === source;
  };
  let empty = list.empty.filter(isWanted);
  let parts: Part[] = [];
  for (const { data, isInferred, files: kept } of list.parts) {
    const frame = kept.some(isWanted) ? await frameIn(settings, folder, data, kept) : undefined;
    if (frame !== undefined) parts.push(narrowed(pl, { frame, isInferred, files: kept, data }, isWanted));
  }
  for (;;) {
    const known = new Set([...empty, ...parts.flatMap((part) => part.files)].map((file) => file.uri));
    const left = files.filter((file) => !known.has(file.uri));
    const reading = { ...settings, texts: [...texts] };
    for await (const part of readSound(left, reading)) {
      const kept = part.files.map(({ file, rows }): KeptFile => {
        return { uri: file.uri, source: file.source, etag: file.etag, rows };
      });
      if (part.frame.width === 0) empty = [...empty, ...kept];
      else {
        const frame = withSources(pl, part, keptSourceColumn);
        parts.push({ frame, isInferred: part.isInferred, files: kept, data: undefined });
      }
    }
    const mixed = mixedColumns(parts.map(({ frame }) => frame)).filter((name) => !texts.has(name));
    if (mixed.length === 0) break;
    // what was taken for something else is read again, as it is written
    for (const name of mixed) texts.add(name);
    parts = parts.filter(({ frame }) => !mixed.some((name) => frame.columns.includes(name)));
  }
  parts = merged(pl, parts, uri);
  const saved = await save(disk, folder, settings, parts);
  await writeList(disk, folder, {
    texts: [...texts],
    empty: empty.filter(({ etag }) => etag !== ""),
    parts: saved.filter(({ files: kept }) => kept.some(({ etag }) => etag !== "")),
  });
  await removeOthers(disk, folder, new Set(saved.map(({ data }) => data)));
  return union(pl, inOrder(parts, files), uri);
}

/** Without the rows of files that are not wanted any more. */
function narrowed(pl: Polars, part: Part, isWanted: (file: KeptFile) => boolean): Part {
  if (part.files.every(isWanted)) return part;
  const slices: DataFrame[] = [];
  let first = 0;
  for (const file of part.files) {
    if (isWanted(file)) slices.push(part.frame.slice(first, file.rows) as DataFrame);
    first += file.rows;
  }
  const frame = pl.concat(slices, { how: "vertical", rechunk: true }) as DataFrame;
  return { ...part, frame, files: part.files.filter(isWanted), data: undefined };
}

/** `undefined` when it is gone, damaged, or not what the list says. */
async function frameIn(
  { data: depot, signal }: ReadSettings,
  folder: string,
  data: string,
  files: readonly KeptFile[],
): Promise<DataFrame | undefined> {
  try {
    const from = formatUri({ scheme: "file", path: `${folder}/${data}` });
    const frame = (await depot.readTable(from, { format: "parquet", signal })) as DataFrame;
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    return frame.height === rows && frame.columns.includes(keptSourceColumn) ? frame : undefined;
  } catch (error) {
    if (isEntrepotError(error, "not-found", "changed", "malformed", "truncated", "unsupported")) return undefined;
    throw error;
  }
}

/** Many small parts become one: each costs an opening. */
function merged(pl: Polars, parts: readonly Part[], uri: string): Part[] {
  if (parts.length <= mostParts) return [...parts];
  const large = parts.filter(({ frame }) => frame.height * frame.width >= largeCells);
  const small = parts.filter((part) => !large.includes(part));
  const frame = union(pl, small.map(named), uri);
  const files = small.flatMap((part) => part.files);
  return [...large, { frame, isInferred: small.every(({ isInferred }) => isInferred), files, data: undefined }];
}

async function save(
  disk: Disk,
  folder: string,
  { data: depot, signal }: ReadSettings,
  parts: readonly Part[],
): Promise<{ readonly data: string; readonly isInferred: boolean; readonly files: readonly KeptFile[] }[]> {
  await disk.makeFolder(folder);
  const saved = [];
  for (const { frame, files, isInferred, data: before } of parts) {
    const data = before ?? `part-${hash("sha256", JSON.stringify([frame.columns, files])).slice(0, 32)}.parquet`;
    if (before === undefined)
      await depot.writeTable(formatUri({ scheme: "file", path: `${folder}/${data}` }), frame, {
        format: "parquet",
        signal,
      });
    saved.push({ data, isInferred, files });
  }
  return saved;
}

async function removeOthers(disk: Disk, folder: string, used: ReadonlySet<string>): Promise<void> {
  for (const { name, kind } of (await disk.readFolder(folder)) ?? [])
    if (kind === "file" && name !== listName && partName.test(name) && !used.has(name))
      await disk.removeFile(`${folder}/${name}`);
}
