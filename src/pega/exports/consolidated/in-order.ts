/**
 * Which parts can stay as they are: those whose files follow one another. A part with other files in between would have their columns in
 * another order, so it is read anew; who exports writes later files with later names. Pure.
 */
import type { ExportFile } from "../read/export-file.ts";
import type { KeptFile } from "./kept-list.ts";

interface Holding {
  readonly files: readonly KeptFile[];
}

/** The place of each file in the table. */
export function ranksOf(files: readonly ExportFile[]): ReadonlyMap<string, number> {
  return new Map(files.map(({ uri }, rank) => [uri, rank]));
}

/** Whether all its files are there, one behind the other, but for those that have nothing in them. */
export function isUnbroken(
  part: Holding,
  files: readonly ExportFile[],
  ranks: ReadonlyMap<string, number>,
  isEmpty: (uri: string) => boolean,
): boolean {
  let next = rankOf(part, ranks);
  for (const { uri } of part.files) {
    while (files[next] !== undefined && files[next]?.uri !== uri && isEmpty(files[next]?.uri ?? "")) next += 1;
    if (files[next]?.uri !== uri) return false;
    next += 1;
  }
  return true;
}

export function sorted<P extends Holding>(parts: readonly P[], ranks: ReadonlyMap<string, number>): P[] {
  return [...parts].sort((a, b) => rankOf(a, ranks) - rankOf(b, ranks));
}

/** Files that no part has, those together between which no part lies. */
export function gaps(
  files: readonly ExportFile[],
  parts: readonly Holding[],
  isEmpty: (uri: string) => boolean,
): ExportFile[][] {
  const held = new Set(parts.flatMap((part) => part.files.map(({ uri }) => uri)));
  const found: ExportFile[][] = [];
  let isOpen = false;
  for (const file of files) {
    if (isEmpty(file.uri)) continue;
    if (held.has(file.uri)) isOpen = false;
    else {
      if (!isOpen) found.push([]);
      isOpen = true;
      found.at(-1)?.push(file);
    }
  }
  return found;
}

function rankOf({ files: [first] }: Holding, ranks: ReadonlyMap<string, number>): number {
  return ranks.get(first?.uri ?? "") ?? 0;
}
