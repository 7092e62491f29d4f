/**
 * What lies in a folder of this disk, in the order of its paths, as entries for an archive. Links are followed, because they are the
 * user's own, but never into a folder that the walk is in already. Of folders only the empty ones are entries.
 */
import { join } from "node:path";
import { type Disk, type FileStat, isReservedName } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { compareKeys } from "../uri/index.ts";
import type { PackEntry } from "./entry.ts";
import { entryPath } from "./entry-path.ts";

export interface FolderEntriesOptions {
  /** Milliseconds since 1970 that all entries bear, or `"keep"`. */
  readonly modified: number | "keep";
  /** Which files; with it, no empty folders. */
  readonly chosen?: ((path: string) => boolean) | undefined;
  /** The path of a file that is left out, by whatever way it is reached. */
  readonly except?: string | undefined;
  /** Told of what is neither file nor folder, and why it is none. */
  readonly onSkipped?: ((path: string, reason: string) => void) | undefined;
}

const pieceBytes = 256 * 1024;

/** Errors: not-found and io for what is no folder, unsafe-key and unrepresentable-name for names that no archive should hold, `changed` while reading. */
export async function* folderEntries(
  disk: Disk,
  folder: string,
  options: FolderEntriesOptions,
): AsyncGenerator<PackEntry> {
  const stat = await disk.stat(folder, { followLinks: true });
  if (stat?.kind !== "folder") throw noFolder(folder, stat);
  const except = options.except === undefined ? undefined : await disk.stat(options.except, { followLinks: true });
  yield* below(disk, folder, "", [stat], except, options);
}

async function* below(
  disk: Disk,
  folder: string,
  path: string,
  above: readonly FileStat[],
  except: FileStat | undefined,
  options: FolderEntriesOptions,
): AsyncGenerator<PackEntry> {
  const { modified, chosen = () => true, onSkipped } = options;
  const names: { readonly name: string; readonly stat: FileStat }[] = [];
  for (const { name } of (await disk.readFolder(folder)) ?? []) {
    if (isReservedName(name) || join(folder, name) === options.except) continue;
    const stat = await disk.stat(join(folder, name), { followLinks: true });
    const reason = whyNot(stat, above, except);
    if (reason === undefined && stat !== undefined)
      names.push({ name: stat.kind === "folder" ? `${name}/` : name, stat });
    else {
      const own = path === "" ? name : `${path}/${name}`;
      if (chosen(own)) onSkipped?.(own, reason ?? "gone");
    }
  }
  names.sort((a, b) => compareKeys(a.name, b.name));
  const own = above.at(-1);
  if (names.length === 0 && path !== "" && options.chosen === undefined && own !== undefined) {
    const modifiedMs = modified === "keep" ? own.modifiedMs : modified;
    yield { path, kind: "folder", sizeBytes: 0, modifiedMs, isExecutable: true, open: nothing };
  }
  for (const { name, stat } of names) {
    const plain = name.replace(/\/$/, "");
    const own = path === "" ? plain : `${path}/${plain}`;
    const file = join(folder, plain);
    entryPath(own, `made of ${folder}`);
    if (name.endsWith("/")) yield* below(disk, file, own, [...above, stat], except, options);
    else if (chosen(own)) {
      const { sizeBytes } = stat;
      const modifiedMs = modified === "keep" ? stat.modifiedMs : modified;
      const isExecutable = (stat.mode & 0o100) !== 0;
      yield { path: own, kind: "file", sizeBytes, modifiedMs, isExecutable, open: () => bytesOf(disk, file, stat) };
    }
  }
}

/** Why there is no entry for it, if so. */
function whyNot(
  stat: FileStat | undefined,
  above: readonly FileStat[],
  except: FileStat | undefined,
): string | undefined {
  if (stat === undefined) return "a link to nothing";
  if (stat.kind === "folder")
    return above.some((each) => isSame(each, stat)) ? "a link to a folder that it lies in" : undefined;
  if (stat.kind !== "file") return "neither a file nor a folder";
  return except !== undefined && isSame(except, stat) ? "the archive itself" : undefined;
}

const isSame = (a: FileStat, b: FileStat): boolean => a.inode === b.inode && a.device === b.device;

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* bytesOf(disk: Disk, path: string, expected: FileStat): AsyncGenerator<Uint8Array> {
  const file = await disk.openRead(path, { followLinks: true });
  try {
    if (!isUnchanged(file.stat, expected)) throw changed(path);
    for (let at = 0; at < expected.sizeBytes; ) {
      const piece = new Uint8Array(Math.min(pieceBytes, expected.sizeBytes - at));
      const count = await file.read(piece, at);
      if (count === 0) throw changed(path);
      at += count;
      yield piece.subarray(0, count);
    }
    if (!isUnchanged(await file.restat(), expected)) throw changed(path);
  } finally {
    await file.close();
  }
}

function isUnchanged(now: FileStat, expected: FileStat): boolean {
  return isSame(now, expected) && now.sizeBytes === expected.sizeBytes && now.modifiedNs === expected.modifiedNs;
}

function changed(path: string): EntrepotError {
  const hint = "pack it when nobody writes to it";
  return new EntrepotError("changed", `${path} was changed while it was being packed; nothing was written`, { hint });
}

function noFolder(path: string, stat: FileStat | undefined): EntrepotError {
  if (stat === undefined) {
    const hint = "a bare name is a folder below the working folder";
    return new EntrepotError("not-found", `there is no folder ${path}`, { hint });
  }
  const hint = "compress a single file instead: copy() or cp with compress";
  return new EntrepotError("io", `${path} is no folder, so there is nothing to pack`, { hint });
}
