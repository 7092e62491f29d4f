/**
 * The files below a folder in the order of their keys, one folder of names in memory at a time. Links are followed,
 * because they are the user's own, but never into a folder that the walk is in already.
 */
import { join } from "node:path";
import { type Disk, errnoOf, type FileStat, type FolderEntry, isReservedName } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import type { LeftOutFile } from "../listing.ts";

/** A file, or the name of a folder that the walk could go down into. */
type WalkStep =
  | { readonly key: string; readonly path: string; readonly stat: FileStat }
  | { readonly key: string; readonly path: string; readonly stat?: never };

interface WalkOptions {
  /** Of all keys that are wanted, folders included. */
  readonly prefix: string;
  readonly startAfter: string;
  /** Gives folders (keys ending in `/`) instead of what is in them. */
  readonly shallow: boolean;
  /** Told of what is no file and no folder, as it is found. */
  readonly onLeftOut?: ((file: LeftOutFile) => void) | undefined;
}

interface Level {
  readonly path: string;
  /** `""` or ending in `/`. */
  readonly key: string;
  readonly names: readonly NamedEntry[];
  next: number;
}

interface NamedEntry {
  /** Folders end in `/`: so `a-b` comes before `a/…`, which comes before `a.b`'s successor. */
  readonly name: string;
  readonly isLink: boolean;
}

/** `folder` is an absolute path, `folderKey` its key (`""` or ending in `/`). A missing folder has no steps. */
export async function* walk(
  disk: Disk,
  folder: string,
  folderKey: string,
  options: WalkOptions,
): AsyncGenerator<WalkStep, void, undefined> {
  const levels: Level[] = [await openLevel(disk, folder, folderKey, options)];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const entry = level.names[level.next];
    level.next += 1;
    if (entry === undefined) {
      levels.pop();
      continue;
    }
    const key = level.key + entry.name;
    const path = join(level.path, entry.name);
    if (entry.name.endsWith("/")) {
      if (entry.isLink && (await isAbove(disk, path, levels))) {
        options.onLeftOut?.({ key: key.slice(0, -1), why: "a link to a folder that it lies in" });
        continue;
      }
      if (options.shallow) yield { key, path };
      else levels.push(await openLevel(disk, path, key, options));
      continue;
    }
    const stat = await disk.stat(path, { followLinks: true });
    if (stat?.kind === "file") yield { key, path, stat };
    else if (stat === undefined && entry.name.includes("\ufffd")) throw notUtf8(path);
  }
}

async function openLevel(disk: Disk, path: string, key: string, options: WalkOptions): Promise<Level> {
  const names: NamedEntry[] = [];
  for (const entry of (await disk.readFolder(path)) ?? []) {
    if (isReservedName(entry.name)) continue;
    const kind = entry.kind === "link" ? await linkedKind(disk, join(path, entry.name)) : entry.kind;
    if (kind !== "file" && kind !== "folder") {
      const why = entry.kind === "link" && kind !== "other" ? "a link that leads nowhere" : "no file and no folder";
      if (isWanted(key + entry.name, options)) options.onLeftOut?.({ key: key + entry.name, why });
      continue;
    }
    const name = kind === "folder" ? `${entry.name}/` : entry.name;
    if (isWanted(key + name, options)) names.push({ name, isLink: entry.kind === "link" });
  }
  names.sort((a, b) => compareKeys(a.name, b.name));
  return { path, key, names, next: 0 };
}

function isWanted(key: string, { prefix, startAfter }: WalkOptions): boolean {
  if (!key.startsWith(prefix)) return false;
  return compareKeys(key, startAfter) > 0 || (key.endsWith("/") && startAfter.startsWith(key));
}

/** `"link"` for one that leads nowhere, or to itself. */
async function linkedKind(disk: Disk, path: string): Promise<FolderEntry["kind"]> {
  try {
    return (await disk.stat(path, { followLinks: true }))?.kind ?? "link";
  } catch (error) {
    if (errnoOf(error) === "ELOOP") return "link";
    throw error;
  }
}

async function isAbove(disk: Disk, path: string, levels: readonly Level[]): Promise<boolean> {
  const target = await disk.stat(path, { followLinks: true });
  for (const level of levels) {
    const stat = await disk.stat(level.path, { followLinks: true });
    if (stat?.inode === target?.inode && stat?.device === target?.device) return true;
  }
  return false;
}

function notUtf8(path: string): EntrepotError {
  const hint = "rename the file; keys are text";
  return new EntrepotError("unrepresentable-name", `The name of ${path} is not UTF-8`, { hint });
}
