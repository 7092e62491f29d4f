/**
 * Exports as one table, kept on this disk as Parquet from call to call: files that come behind those that were read before are all that is
 * read. The answer is that of reading all of them, whatever was changed, came in between or is gone: then what it touches is read anew.
 */
import { openNodeDisk } from "../../../disk/index.ts";
import { type DataFrame, loadPolars, type Polars } from "../../../table/index.ts";
import type { ExportFile } from "../read/export-file.ts";
import { readAll } from "../read/read-all.ts";
import type { ReadSettings } from "../read/read-files.ts";
import { readSound } from "../read/read-sound.ts";
import { joined, mixedColumns } from "../read/union.ts";
import { gaps, isUnbroken, ranksOf, sorted } from "./in-order.ts";
import { type KeptFile, readList, writeList } from "./kept-list.ts";
import { type Part, readPart, removeOthers, savePart } from "./kept-part.ts";

/** More Parquet files than these become fewer. */
const mostParts = 16;
/** Cells from which on a part is large, and stays by itself. */
const largeCells = 8_000_000;

/** `uri` names them all in messages. */
export async function readKept(
  files: readonly ExportFile[],
  folder: string,
  settings: ReadSettings,
  sourceColumn: string | undefined,
  uri: string,
): Promise<DataFrame> {
  const ranks = ranksOf(files);
  // who names a file twice wants it twice
  if (ranks.size < files.length) return readAll(files, settings, sourceColumn, uri);
  const pl = await loadPolars();
  const disk = openNodeDisk();
  const list = await readList(disk, folder);
  const isStill = ({ uri: at, etag, source }: KeptFile) => {
    const file = files[ranks.get(at) ?? -1];
    return file?.etag === etag && file.source === source;
  };
  const empty = new Map(list.empty.filter(isStill).map((file) => [file.uri, file]));
  const isEmpty = (at: string) => empty.has(at);
  // what is text because of a file that is gone may be something else without it
  const isLess = ![...list.empty, ...list.parts.flatMap((part) => part.files)].every(isStill);
  const unsure = new Set(isLess ? list.texts : []);
  const texts = new Set(isLess ? [] : list.texts);
  let parts: Part[] = [];
  for (const kept of list.parts) {
    if (!kept.files.every(isStill) || !isUnbroken(kept, files, ranks, isEmpty)) continue;
    const part = await readPart(disk, folder, kept, settings);
    if (part !== undefined && !hasAny(part, unsure)) parts.push(part);
  }
  for (;;) {
    for (const left of gaps(files, parts, isEmpty)) {
      for await (const part of readSound(left, { ...settings, texts: [...texts] })) {
        const read = part.files.map(({ file, rows }): KeptFile => {
          return { uri: file.uri, source: file.source, etag: file.etag, rows };
        });
        if (part.frame.width > 0 || read.some(({ rows }) => rows > 0))
          parts.push({ frame: part.frame, isInferred: part.isInferred, files: read, kept: undefined });
        else for (const file of read) empty.set(file.uri, file);
      }
    }
    const mixed = new Set(mixedColumns(parts.map(({ frame }) => frame)).filter((name) => !texts.has(name)));
    if (mixed.size === 0) break;
    // what was taken for something else is read again, as it is written
    for (const name of mixed) texts.add(name);
    parts = parts.filter((part) => !hasAny(part, mixed));
  }
  const follow = (group: readonly KeptFile[]) => isUnbroken({ files: group }, files, ranks, isEmpty);
  parts = merged(pl, sorted(parts, ranks), follow, uri);
  await disk.makeFolder(folder);
  const saved = [];
  for (const part of parts) {
    if (part.files.every(({ etag }) => etag !== "")) saved.push(await savePart(pl, disk, folder, part, settings));
  }
  const known = [...empty.values()].filter(({ etag }) => etag !== "");
  await writeList(disk, folder, { texts: [...texts], empty: known, parts: saved });
  await removeOthers(disk, folder, new Set(saved.map(({ data }) => data)));
  return joined(pl, parts, sourceColumn, uri);
}

function hasAny({ frame }: Part, names: ReadonlySet<string>): boolean {
  return names.size > 0 && frame.columns.some((name) => names.has(name));
}

/** Many small parts become fewer, of neighbours: each costs an opening. */
function merged(
  pl: Polars,
  parts: readonly Part[],
  follow: (files: readonly KeptFile[]) => boolean,
  uri: string,
): Part[] {
  if (parts.length <= mostParts) return [...parts];
  const groups: Part[][] = [];
  for (const part of parts) {
    const before = groups.at(-1)?.at(-1);
    const isAlike = before !== undefined && before.isInferred === part.isInferred && !isLarge(before);
    if (isAlike && !isLarge(part) && follow([...before.files.slice(-1), ...part.files])) groups.at(-1)?.push(part);
    else groups.push([part]);
  }
  return groups.map((group) => {
    const [first] = group as [Part];
    if (group.length === 1) return first;
    const frame = joined(pl, group, undefined, uri);
    return { frame, files: group.flatMap((part) => part.files), isInferred: first.isInferred, kept: undefined };
  });
}

function isLarge({ frame }: Part): boolean {
  return frame.height * frame.width >= largeCells;
}
