/** Entries into an empty folder of this disk. Nothing in it is ever replaced, so that no name can stand for two entries. */
import { dirname, join } from "node:path";
import type { Disk } from "../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { archiveError, shownName } from "./archive-error.ts";
import type { SkippedEntry, UnpackEntry } from "./entry.ts";
import { earliestMs } from "./zip/times.ts";

export interface PutOptions {
  /** Of the archive, for errors. */
  readonly uri: string;
  readonly signal?: AbortSignal | undefined;
  /** Told after each. */
  readonly onEntry?: ((entry: UnpackEntry | SkippedEntry) => void) | undefined;
  /** Told of bytes that were written. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** Errors: those of the entries and the disk; malformed for a name twice, unrepresentable-name for two that this disk takes for one. */
export async function putEntries(
  disk: Disk,
  folder: string,
  entries: AsyncIterable<UnpackEntry | SkippedEntry>,
  options: PutOptions,
): Promise<void> {
  const { signal, onEntry } = options;
  const folders = new RecentFolders(disk, folder);
  for await (const entry of entries) {
    signal?.throwIfAborted();
    try {
      if (entry.kind === "folder") await folders.make(join(folder, entry.path));
      else if (entry.bytes !== undefined) await putFile(disk, folder, entry, folders, options);
    } catch (error) {
      throw await explained(error, disk, folder, entry.path, options.uri);
    }
    onEntry?.(entry);
  }
}

async function putFile(
  disk: Disk,
  folder: string,
  { path, bytes, whole, isExecutable, modifiedMs }: UnpackEntry,
  folders: RecentFolders,
  { onBytes, signal }: PutOptions,
): Promise<void> {
  const target = join(folder, path);
  const above = dirname(target);
  if (!folders.has(above)) await folders.make(above);
  // the time that packers write who want the same bytes each time says nothing
  const isTold = modifiedMs !== undefined && modifiedMs > earliestMs;
  const file = { mode: isExecutable ? 0o755 : undefined, modifiedMs: isTold ? modifiedMs : undefined };
  // nobody else writes here, so that what is there is of this archive
  if (whole !== undefined) {
    const all = await whole();
    await disk.writeNew(target, all, file);
    onBytes?.(all.length);
    return;
  }
  if ((await disk.stat(target)) !== undefined) throw taken(target);
  const pending = await disk.createPending(above, { mode: file.mode });
  try {
    for await (const piece of bytes) {
      signal?.throwIfAborted();
      await pending.write(piece);
      onBytes?.(piece.length);
    }
    await pending.commit(target, { modifiedMs: file.modifiedMs });
  } finally {
    await pending.discard();
  }
}

function taken(path: string): EntrepotError {
  return new EntrepotError("already-exists", `${path} is there already`);
}

/** Entries of one folder mostly come together. */
class RecentFolders {
  readonly #disk: Disk;
  readonly #made = new Set<string>();

  constructor(disk: Disk, root: string) {
    this.#disk = disk;
    this.#made.add(root);
  }

  has(path: string): boolean {
    return this.#made.has(path);
  }

  async make(path: string): Promise<void> {
    if (this.#made.has(path)) return;
    await this.#disk.makeFolder(path);
    if (this.#made.size > 10_000) this.#made.clear();
    this.#made.add(path);
  }
}

const twiceHint = "make the archive again; which of the two is meant, nobody knows";

/** A name that is there already: twice in the archive, or for this disk the same as another. */
async function explained(error: unknown, disk: Disk, folder: string, path: string, uri: string): Promise<unknown> {
  if (!isEntrepotError(error, "already-exists", "not-found", "not-empty", "io")) return error;
  const segments = path.split("/");
  for (let count = 1; count <= segments.length; count += 1) {
    const above = segments.slice(0, count - 1);
    const segment = segments[count - 1] ?? "";
    const names = (await disk.readFolder(join(folder, ...above)).catch(() => undefined)) ?? [];
    const found = names.find(({ name }) => name === segment);
    if (found?.kind === "folder" && count < segments.length) continue;
    if (found !== undefined) {
      const inTheWay = shownName([...above, segment].join("/"));
      const what =
        count < segments.length
          ? `a file ${inTheWay}, and ${shownName(path)} below it`
          : found.kind === "folder"
            ? `a folder ${inTheWay}, and a file of the same name`
            : `two entries ${inTheWay}`;
      return archiveError("malformed", uri, `the archive ${uri} has ${what}; nothing was unpacked`, twiceHint);
    }
    const there = await disk.stat(join(folder, ...above, segment)).catch(() => undefined);
    if (there === undefined) return error;
    const message = `the archive ${uri} has an entry ${shownName(path)} and another that this disk takes for the same; nothing was unpacked`;
    return archiveError("unrepresentable-name", uri, message);
  }
  return error;
}
