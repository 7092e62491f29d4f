/**
 * Small files of ordinary names, each read whole and put in its place at once: no plan and no journal, which for ten thousand of them
 * are most of the time and the memory. What has no ordinary name, or is in another's way, is left to a copy.
 */
import { join } from "node:path";
import type { Depot } from "../../depot/index.ts";
import { type Disk, escapeName, type FileStat, openNodeDisk } from "../../disk/index.ts";
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import { isStrongEtag } from "../../store/index.ts";
import type { DownloadRecord } from "./download-record.ts";
import type { RepositoryEntry, RepositoryPlace } from "./place.ts";

/** Bytes up to which a file is small. */
const smallBytes = 1024 * 1024;
/** Files under way; how many of them are asked for at once is for the depot to say. */
const filesAtOnce = 64;
/** After so long, half-written files of other machines are nobody's. */
const othersPendingMs = 24 * 60 * 60 * 1000;

export interface SmallSettings {
  readonly signal: AbortSignal | undefined;
  readonly onDone: (entry: RepositoryEntry) => void;
}

export interface SmallReport {
  readonly failed: readonly EntrepotError[];
  /** What a copy is to bring. */
  readonly left: readonly RepositoryEntry[];
}

/** `files` are all that there are, `wanted` those that are not here. Rejects for an abort, and for what is no failure of one file. */
export async function copySmall(
  data: Depot,
  place: RepositoryPlace,
  record: DownloadRecord,
  files: readonly RepositoryEntry[],
  wanted: readonly RepositoryEntry[],
  { signal, onDone }: SmallSettings,
): Promise<SmallReport> {
  const disk = openNodeDisk();
  const isPlain = plainNames(files);
  const mayHold = foldersWithin(disk, record.folder);
  const failed: EntrepotError[] = [];
  const left: RepositoryEntry[] = [];
  const each = wanted.values();
  const work = async () => {
    for (const entry of each) {
      const { key, etag, sizeBytes } = entry;
      if (sizeBytes > smallBytes || !isPlain(key)) {
        left.push(entry);
        continue;
      }
      try {
        signal?.throwIfAborted();
        const bytes = await readSmall(data, place.uriOf(key), etag, signal);
        signal?.throwIfAborted();
        const stat = await put(disk, mayHold, join(record.folder, key), bytes);
        if (stat === undefined) {
          left.push(entry);
          continue;
        }
        record.add(key, { from: place.uri, path: key, etag, sizeBytes }, stat);
        onDone(entry);
      } catch (error) {
        if (!isEntrepotError(error) || signal?.aborted === true) throw error;
        failed.push(error);
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: filesAtOnce }, work));
  await record.settle();
  for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  return { failed, left };
}

/** Of a server that cannot be reached, the copy that the cache has, if it is the version that the listing told of. */
async function readSmall(data: Depot, uri: string, etag: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return await data.readBytes(uri, { cache: "bypass", signal, ifMatch: isStrongEtag(etag) ? etag : undefined });
  } catch (error) {
    if (!isEntrepotError(error, "unreachable")) throw error;
    if ((await data.stat(uri, { signal })).etag !== etag) throw error;
    return await data.readBytes(uri, { signal });
  }
}

/** `undefined` where a copy may know a way: something lies there, or the name is too long. */
async function put(disk: Disk, mayHold: FolderCheck, path: string, bytes: Uint8Array): Promise<FileStat | undefined> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  try {
    return (await mayHold(folder)) ? await disk.writeFile(path, bytes) : undefined;
  } catch (error) {
    if (isEntrepotError(error, "io", "already-exists", "not-found", "unrepresentable-name", "unsafe-key"))
      return undefined;
    throw error;
  }
}

type FolderCheck = (folder: string) => Promise<boolean>;

/** Makes folders, takes away what a killed process left half written there, and tells whether they lie below the root, links followed: nothing is written elsewhere. */
function foldersWithin(disk: Disk, root: string): FolderCheck {
  const known = new Map<string, Promise<boolean>>();
  const look = async (folder: string) => {
    await disk.makeFolder(folder);
    await disk.removeStalePending(folder, othersPendingMs);
    const [real, realRoot] = await Promise.all([disk.realPath(folder), disk.realPath(root)]);
    return real === realRoot || real.startsWith(`${realRoot}/`);
  };
  return (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const found = look(folder);
    known.set(folder, found);
    return found;
  };
}

/** Whether a key is its own path on any disk: nothing is escaped, and no other has its place, whatever the disk takes for the same. */
function plainNames(files: readonly RepositoryEntry[]): (key: string) => boolean {
  const seen = new Map<string, number>();
  for (const { key } of files) {
    const name = folded(key);
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  const folders = new Set<string>();
  for (const name of seen.keys()) {
    for (let at = name.lastIndexOf("/"); at > 0 && !folders.has(name.slice(0, at)); at = name.lastIndexOf("/", at - 1))
      folders.add(name.slice(0, at));
  }
  return (key) => escapeName(key) === key && !isOurs(key) && seen.get(folded(key)) === 1 && !folders.has(folded(key));
}

/** Copies keep lists of their own in a folder. */
function isOurs(key: string): boolean {
  return /(?:^|\/)\.entrepot-/i.test(key);
}

/** What some disks take for one name. */
function folded(key: string): string {
  return key.normalize("NFC").toLowerCase();
}
