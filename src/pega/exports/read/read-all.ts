/** Exports as one table, read anew. */
import type { DataFrame } from "../../../table/index.ts";
import { loadPolars } from "../../../table/index.ts";
import type { ExportFile } from "./export-file.ts";
import type { ReadPart, ReadSettings } from "./read-files.ts";
import { readSound } from "./read-sound.ts";
import { mixedColumns, union, withSources } from "./union.ts";

/** `uri` names them all in messages. */
export async function readAll(
  files: readonly ExportFile[],
  settings: ReadSettings,
  sourceColumn: string | undefined,
  uri: string,
): Promise<DataFrame> {
  const pl = await loadPolars();
  const texts = new Set(settings.texts);
  for (;;) {
    const parts: ReadPart[] = [];
    for await (const part of readSound(files, { ...settings, texts: [...texts] })) parts.push(part);
    const mixed = mixedColumns(parts.map(({ frame }) => frame)).filter((name) => !texts.has(name));
    if (mixed.length > 0) {
      for (const name of mixed) texts.add(name);
      continue;
    }
    const named = parts.map((part) => ({
      uri: part.files[0]?.file.uri ?? uri,
      isInferred: part.isInferred,
      frame: sourceColumn === undefined ? part.frame : withSources(pl, part, sourceColumn),
    }));
    const frame = union(pl, named, uri);
    if (sourceColumn === undefined || frame.width === 0) return frame;
    const own = frame.columns.filter((name) => name !== sourceColumn);
    return frame.select(...own, sourceColumn) as DataFrame;
  }
}
