/**
 * A file of this disk as the body of a write: read again for every attempt, and refused when it changed in between.
 */
import type { Disk, FileStat } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import type { SizedSource } from "../store/index.ts";
import { formatUri } from "../uri/index.ts";
import type { Context } from "./context.ts";
import type { LocalPath } from "./options.ts";
import { expandHome, pathText } from "./setting-values.ts";

const chunkBytes = 256 * 1024;

/** The absolute path that a `LocalPath` means: from the working folder, `~` the home folder, never a root. */
export function diskPath({ settings }: Pick<Context, "settings">, path: LocalPath): string {
  const text = pathText(path);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text))
    throw new TypeError(`${text.slice(0, 40)} is an address; a path of this disk is wanted here`);
  return expandHome(text, settings);
}

/** Errors: not-found with the hint for a missing file, `io` for a folder or a device; while reading, `changed`. */
export async function diskFile(disk: Disk, path: string, missingHint?: string): Promise<SizedSource> {
  const uri = formatUri({ scheme: "file", path });
  const stat = await disk.stat(path, { followLinks: true });
  if (stat === undefined) throw new EntrepotError("not-found", `there is no file ${path}`, { uri, hint: missingHint });
  if (stat.kind !== "file") {
    throw new EntrepotError("io", `${path} is no regular file, so it cannot become an object`, {
      uri,
      hint: "copy a folder with copy(), and pass it with a final /",
    });
  }
  const { sizeBytes } = stat;
  const openRange = (start: number, end: number) => chunksOf(disk, path, stat, start, end);
  return { sizeBytes, open: () => openRange(0, sizeBytes), openRange };
}

async function* chunksOf(
  disk: Disk,
  path: string,
  expected: FileStat,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const file = await disk.openRead(path, { followLinks: true });
  try {
    if (!sameVersion(file.stat, expected)) throw replaced(path);
    for (let at = start; at < end; ) {
      const chunk = new Uint8Array(Math.min(chunkBytes, end - at));
      const count = await file.read(chunk, at);
      if (count === 0) throw replaced(path);
      at += count;
      yield count === chunk.byteLength ? chunk : chunk.subarray(0, count);
    }
    const after = await disk.stat(path, { followLinks: true });
    if (after === undefined || !sameVersion(after, expected)) throw replaced(path);
  } finally {
    await file.close();
  }
}

function sameVersion(a: FileStat, b: FileStat): boolean {
  return a.inode === b.inode && a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs;
}

function replaced(path: string): EntrepotError {
  return new EntrepotError("changed", `${path} was changed while it was being sent; nothing was written`, {
    hint: "write to a file and send it when it is complete",
  });
}
