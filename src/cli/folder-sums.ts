/** Sums of folders out of a listing in key order, each told when its last object has passed: nothing is kept but the open folders. */
import type { EntryOf } from "../depot/index.ts";

export interface FolderSum {
  readonly uri: string;
  /** Below what was listed, ending in `/`. */
  readonly path: string;
  readonly objects: number;
  readonly sizeBytes: number;
}

interface Open {
  readonly uri: string;
  readonly path: string;
  objects: number;
  sizeBytes: number;
}

/** Of `entries` with folders: a sum for each folder of up to `depth` levels, the deeper ones first, as they end; `total` for all. */
export async function* folderSums(
  entries: AsyncIterable<EntryOf["any"]>,
  depth: number,
  total: { objects: number; sizeBytes: number },
): AsyncGenerator<FolderSum> {
  const open: Open[] = [];
  for await (const entry of entries) {
    for (let last = open.at(-1); last !== undefined && !entry.path.startsWith(last.path); last = open.at(-1)) {
      yield last;
      open.pop();
    }
    if (entry.kind === "folder") {
      const levels = entry.path.split("/").length - 1;
      if (levels <= depth) open.push({ uri: entry.uri, path: entry.path, objects: 0, sizeBytes: 0 });
      continue;
    }
    for (const sum of [...open, total]) {
      sum.objects += 1;
      sum.sizeBytes += entry.sizeBytes;
    }
  }
  yield* open.reverse();
}
