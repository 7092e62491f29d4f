/** Exports as one table, read anew. */
import { type DataFrame, loadPolars } from "../../../table/index.ts";
import type { ExportFile } from "./export-file.ts";
import type { ReadPart, ReadSettings } from "./read-files.ts";
import { readSound } from "./read-sound.ts";
import { joined, mixedColumns } from "./union.ts";

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
    const sourced = parts.map(({ frame, isInferred, files: read }) => {
      return { frame, isInferred, files: read.map(({ file, rows }) => ({ uri: file.uri, source: file.source, rows })) };
    });
    return joined(pl, sourced, sourceColumn, uri);
  }
}
