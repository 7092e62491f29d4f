/**
 * The disk of this machine. Short operations and contents up to 64 KiB block for microseconds and yield to the event
 * loop every 2 ms; everything longer runs on the thread pool.
 */
import { dirname, join } from "node:path";
import { append } from "./append.ts";
import type {
  CommitOptions,
  CreateOptions,
  Disk,
  FileStat,
  FolderEntry,
  OpenOptions,
  PendingFile,
  ReadableFile,
} from "./disk.ts";
import { diskError, errnoOf } from "./errors.ts";
import { fileStat, folderEntry } from "./file-stat.ts";
import { makeFolders, removeTree } from "./folders.ts";
import { type FsOperations, nodeFsOperations } from "./fs-operations.ts";
import { LivePending } from "./live-pending.ts";
import { goOn, type Pause, pause } from "./out-of-files.ts";
import { Pacer } from "./pacer.ts";
import { createPendingFile, type PendingContext, reopenPendingFile } from "./pending-file.ts";
import { PendingOwners } from "./pending-owner.ts";
import { type ProcessTable, systemProcesses } from "./process-owner.ts";
import { randomHexes } from "./random-hex.ts";
import { openReadableFile } from "./readable-file.ts";
import { pendingName } from "./reserved-names.ts";
import { removeStalePending } from "./stale-pending.ts";
import { touch } from "./touch.ts";
import { smallBytes } from "./transfer-bytes.ts";
import { wholeOf } from "./whole-file.ts";
import { type NewFileOptions, writeNew } from "./write-new.ts";

/** What a test decides. */
export interface NodeDiskOptions {
  /** Default: Node's own. */
  readonly operations?: FsOperations | undefined;
  /** 32 hexadecimal digits that nobody can guess. Default: from `randomBytes`. */
  readonly randomHex?: (() => string) | undefined;
  /** Milliseconds since 1970, with fractions of microseconds where the machine has them. */
  readonly now?: (() => number) | undefined;
  /** Who fills pending files, and whether they live. Default: the system's own word. */
  readonly processes?: ProcessTable | undefined;
  /** Waits so many milliseconds for files to be closed. */
  readonly pause?: Pause | undefined;
}

/** Opens the machine's disk; nothing is touched until a method is called, and nothing needs closing. */
export function openNodeDisk(options: NodeDiskOptions = {}): Disk {
  const { operations: fs = nodeFsOperations, now = preciseNow } = options;
  const randomHex = options.randomHex ?? randomHexes();
  const pacer = new Pacer(() => performance.now());
  // What the kernel says of processes does not go wrong with a disk.
  const owners = new PendingOwners(() => options.processes ?? systemProcesses(openNodeDisk()));
  return new NodeDisk({
    fs,
    pacer,
    randomHex,
    now,
    owners,
    live: new LivePending(fs, now),
    pause: options.pause ?? pause,
  });
}

/** The wall clock, with the fractions that it lacks: two moments of one process never give the same. */
function preciseNow(): number {
  return Date.now() + (performance.now() % 1);
}

class NodeDisk implements Disk {
  readonly #context: PendingContext;
  readonly #fs: FsOperations;
  readonly #pacer: Pacer;

  constructor(context: PendingContext) {
    this.#context = context;
    this.#fs = context.fs;
    this.#pacer = context.pacer;
  }

  stat(path: string, options: OpenOptions = {}): Promise<FileStat | undefined> {
    return this.#short("stat", path, () => {
      try {
        const stats = options.followLinks === true ? this.#fs.stat(path) : this.#fs.lstat(path);
        return stats && fileStat(stats);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  async readFolder(path: string): Promise<FolderEntry[] | undefined> {
    const read = async () => (await this.#fs.readFolderLater(path)).map(folderEntry);
    try {
      return await read().catch((error) => goOn(error, read, this.#context.pause));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw diskError(error, "list", path);
    }
  }

  makeFolder(path: string, mode?: number): Promise<void> {
    return this.#short("make the folder", path, () => void makeFolders(this.#context, path, mode));
  }

  openRead(path: string, options: OpenOptions = {}): Promise<ReadableFile> {
    return this.#short("open", path, () => openReadableFile(this.#fs, this.#pacer, path, options));
  }

  async readFile(
    path: string,
    options: OpenOptions & { readonly maxBytes?: number | undefined } = {},
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly stat: FileStat }> {
    const file = await this.openRead(path, options);
    try {
      return { bytes: await wholeOf(file, path, options.maxBytes ?? 2 ** 31), stat: file.stat };
    } finally {
      await file.close();
    }
  }

  async createPending(folder: string, options: CreateOptions = {}): Promise<PendingFile> {
    const tag = await this.#context.owners.tag();
    return this.#short("create a file in", folder, () => {
      const { makeFolders: wanted = false } = options;
      const mode = typeof wanted === "number" ? wanted : undefined;
      const made =
        wanted === false ? [] : makeFolders(this.#context, folder, mode, { followLinks: mode === undefined });
      return createPendingFile(this.#context, folder, options, { madeFolders: made, tag });
    });
  }

  async reopenPending(path: string, { mode }: Pick<CreateOptions, "mode"> = {}): Promise<PendingFile> {
    return reopenPendingFile(this.#context, path, mode);
  }

  async writeFile(path: string, bytes: Uint8Array, options: CreateOptions & CommitOptions = {}): Promise<FileStat> {
    const pending = await this.createPending(dirname(path), options);
    try {
      await pending.write(bytes);
      return await pending.commit(path, options);
    } finally {
      await pending.discard();
    }
  }

  writeNew(path: string, bytes: Uint8Array, options: NewFileOptions = {}): Promise<void> {
    return this.#long("create", path, async () => {
      await this.#short("create", path, () => writeNew(this.#fs, path, bytes, options));
    });
  }

  async append(path: string, bytes: Uint8Array): Promise<number | undefined> {
    await this.#pacer.rest();
    try {
      return append(this.#fs, path, bytes);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw diskError(error, "add to", path);
    }
  }

  rename(from: string, to: string): Promise<void> {
    return this.#long("rename", from, () => this.#fs.renameLater(from, to));
  }

  copyFile(from: string, to: string): Promise<void> {
    return this.#long("copy", from, () => this.#fs.copyFileLater(from, to));
  }

  makeLink(
    path: string,
    target: string,
    { replace = false }: { readonly replace?: boolean | undefined } = {},
  ): Promise<void> {
    return this.#short("make the link", path, () => {
      if (!replace) return this.#fs.symlink(target, path);
      const pending = join(dirname(path), pendingName(this.#context.randomHex()));
      this.#fs.symlink(target, pending);
      try {
        this.#fs.rename(pending, path);
      } catch (error) {
        this.#fs.unlink(pending);
        throw error;
      }
    });
  }

  readLink(path: string): Promise<string | undefined> {
    return this.#short("read the link", path, () => {
      try {
        return this.#fs.readLink(path);
      } catch (error) {
        // EINVAL: there is something, and it is no link
        if (isMissing(error) || errnoOf(error) === "EINVAL") return undefined;
        throw error;
      }
    });
  }

  removeFile(path: string): Promise<boolean> {
    return this.#long("remove", path, () =>
      unlessMissing(async () => {
        await this.#pacer.rest();
        // Freeing a large file takes the system its time.
        const isSmall = (this.#fs.lstat(path)?.size ?? 0n) <= smallBytes;
        await (isSmall ? this.#fs.unlink(path) : this.#fs.unlinkLater(path));
      }),
    );
  }

  removeFolder(path: string): Promise<boolean> {
    return this.#long("remove the folder", path, () => unlessMissing(async () => this.#fs.rmdir(path)));
  }

  removeTree(path: string): Promise<boolean> {
    return this.#long("remove", path, () => removeTree(this.#fs, path));
  }

  removeLink(path: string): Promise<boolean> {
    return this.#long("remove", path, () =>
      unlessMissing(async () => {
        await this.#pacer.rest();
        this.#fs.unlink(path);
      }),
    );
  }

  async setAside(path: string): Promise<string | undefined> {
    const aside = join(dirname(path), pendingName(this.#context.randomHex()));
    const wasThere = await this.#long("set aside", path, () => unlessMissing(() => this.#fs.renameLater(path, aside)));
    return wasThere ? aside : undefined;
  }

  touch(path: string, modifiedMs: number): Promise<void> {
    return this.#short("touch", path, () => touch(this.#fs, path, modifiedMs));
  }

  realPath(path: string): Promise<string> {
    return this.#long("resolve", path, () => this.#fs.realPathLater(path));
  }

  freeBytes(path: string): Promise<number> {
    return this.#long("measure", path, () => this.#fs.freeBytesLater(path));
  }

  removeStalePending(folder: string, olderThanMs: number): Promise<number> {
    return removeStalePending(this, this.#context, folder, olderThanMs);
  }

  async #short<T>(action: string, path: string, operation: () => T): Promise<T> {
    await this.#pacer.rest();
    try {
      return operation();
    } catch (error) {
      return goOn(error, operation, this.#context.pause).catch((last) => {
        throw diskError(last, action, path);
      });
    }
  }

  async #long<T>(action: string, path: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw diskError(error, action, path);
    }
  }
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "");
}

async function unlessMissing(operation: () => Promise<void>): Promise<boolean> {
  try {
    await operation();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
