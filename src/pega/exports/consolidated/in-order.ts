/** Rows in the order of the files that they come from, whichever part they lie in. */
import type { DataFrame } from "../../../table/index.ts";
import type { ExportFile } from "../read/export-file.ts";
import type { NamedPart } from "../read/union.ts";
import type { KeptFile } from "./kept-list.ts";

/** Rows of some files in memory. */
export interface Part {
  readonly frame: DataFrame;
  readonly isInferred: boolean;
  readonly files: readonly KeptFile[];
  /** Its Parquet file, where there is one that holds just this. */
  readonly data: string | undefined;
}

interface Run {
  readonly part: Part;
  readonly first: number;
  /** Of its first file. */
  readonly rank: number;
  /** Of its last file. */
  last: number;
  rows: number;
}

export function named({ frame, files, isInferred }: Part): NamedPart {
  return { frame, uri: files[0]?.uri ?? "", isInferred };
}

/** Files that follow one another stay together: few slices, mostly one to a part. */
export function inOrder(parts: readonly Part[], files: readonly ExportFile[]): NamedPart[] {
  const ranks = new Map(files.map(({ uri }, rank) => [uri, rank]));
  const owners: (Part | undefined)[] = new Array(files.length).fill(undefined);
  for (const part of parts) for (const { uri } of part.files) owners[ranks.get(uri) ?? -1] = part;
  const runs: Run[] = [];
  for (const part of parts) {
    let first = 0;
    for (const { uri, rows } of part.files) {
      const rank = ranks.get(uri) ?? 0;
      const run = runs.at(-1);
      if (run?.part === part && run.last < rank && isOwn(owners, part, run.last, rank)) {
        run.rows += rows;
        run.last = rank;
      } else runs.push({ part, first, rank, rows, last: rank });
      first += rows;
    }
  }
  return runs
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ part, first, rows }) => ({ ...named(part), frame: part.frame.slice(first, rows) as DataFrame }));
}

/** Whether no other part has a file between two of this one. */
function isOwn(owners: readonly (Part | undefined)[], part: Part, from: number, to: number): boolean {
  for (let rank = from + 1; rank < to; rank += 1) if ((owners[rank] ?? part) !== part) return false;
  return true;
}
