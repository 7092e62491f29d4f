/**
 * A file that nobody sees until it is complete. Its name cannot be guessed, it is created with O_EXCL and O_NOFOLLOW,
 * and whatever goes wrong before `commit` leaves nothing under the final name.
 */
import { basename, dirname, join } from "node:path";
import { EntrepotError } from "../error/index.ts";
import type { CommitOptions, CreateOptions, FileStat, PendingFile } from "./disk.ts";
import { diskError, errnoOf } from "./errors.ts";
import { fileStat } from "./file-stat.ts";
import { type MadeFolder, syncFolder, takeGroup } from "./folders.ts";
import { type FsOperations, openFlags } from "./fs-operations.ts";
import type { LivePending } from "./live-pending.ts";
import type { Pause } from "./out-of-files.ts";
import type { Pacer } from "./pacer.ts";
import type { PendingOwners } from "./pending-owner.ts";
import { isKeptName, keptName, pendingName } from "./reserved-names.ts";
import { smallBytes, writeFully } from "./transfer-bytes.ts";

/** What a pending file needs of the disk that makes it. */
export interface PendingContext {
  readonly fs: FsOperations;
  readonly pacer: Pacer;
  /** Says in each name who is filling the file. */
  readonly owners: PendingOwners;
  /** Waits for files to be closed. */
  readonly pause: Pause;
  /** 32 hexadecimal digits, never the same twice. */
  readonly randomHex: () => string;
  /** Milliseconds since 1970 with fractions. */
  readonly now: () => number;
  /** The paths that this process is filling. */
  readonly live: LivePending;
}

/** Creates the file; `madeFolders` are those whose own entries a durable commit must flush as well, `tag` says whose it is. */
export function createPendingFile(
  context: PendingContext,
  folder: string,
  options: CreateOptions,
  { madeFolders, tag }: { readonly madeFolders: readonly MadeFolder[]; readonly tag: string },
): PendingFile {
  const hex = context.randomHex();
  const path = join(folder, options.kept === true ? keptName(hex) : `${pendingName(hex)}${tag}${options.suffix ?? ""}`);
  try {
    // Less than what is asked for until fchmod: the umask must not decide, and nobody else may write meanwhile.
    const fd = context.fs.open(path, openFlags.create, options.mode === undefined ? 0o666 : 0o600);
    context.live.add(path, fd);
    return new NodePendingFile(context, path, fd, options.mode, madeFolders);
  } catch (error) {
    throw diskError(error, "create a file in", folder);
  }
}

/** Opens one that was left. Errors: not-found, unsafe-key. */
export function reopenPendingFile(context: PendingContext, path: string, mode: number | undefined): PendingFile {
  const { fs } = context;
  try {
    if (!isKeptName(basename(path))) throw new EntrepotError("unsafe-key", `${path} is no file of ours to go on with`);
    const fd = fs.open(path, openFlags.write);
    const stats = fs.fstat(fd);
    if (!stats.isFile() || stats.nlink !== 1n) {
      fs.close(fd);
      throw new EntrepotError("unsafe-key", `${path} is not a plain file under one name`, { hint: "remove it" });
    }
    context.live.add(path, fd);
    return new NodePendingFile(context, path, fd, mode, [], Number(stats.size));
  } catch (error) {
    throw diskError(error, "go on with", path, false);
  }
}

class NodePendingFile implements PendingFile {
  readonly path: string;
  readonly #context: PendingContext;
  readonly #mode: number | undefined;
  readonly #madeFolders: readonly MadeFolder[];
  #fd: number | undefined;
  #size = 0;
  #atRest = false;
  #writes = new Set<Promise<void>>();

  constructor(
    context: PendingContext,
    path: string,
    fd: number,
    mode: number | undefined,
    madeFolders: readonly MadeFolder[],
    size = 0,
  ) {
    this.#context = context;
    this.#size = size;
    this.path = path;
    this.#fd = fd;
    this.#mode = mode;
    this.#madeFolders = madeFolders;
  }

  get sizeBytes(): number {
    return this.#size;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.writeAt(this.#size, chunk);
  }

  writeAt(position: number, chunk: Uint8Array): void | Promise<void> {
    const fd = this.#open();
    this.#size = Math.max(this.#size, position + chunk.byteLength);
    const resting = chunk.byteLength <= smallBytes ? this.#context.pacer.rest() : undefined;
    if (chunk.byteLength > smallBytes || resting !== undefined) return this.#writeLater(fd, position, chunk, resting);
    try {
      const written = this.#context.fs.write(fd, chunk, 0, chunk.byteLength, position);
      if (written === chunk.byteLength) return undefined;
      return this.#writeLater(fd, position + written, chunk.subarray(written), undefined);
    } catch (error) {
      if (errnoOf(error) === "EINTR") return this.#writeLater(fd, position, chunk, undefined);
      throw diskError(error, "write", this.path, false);
    }
  }

  async #writeLater(
    fd: number,
    position: number,
    chunk: Uint8Array,
    resting: Promise<void> | undefined,
  ): Promise<void> {
    const writing = this.#writeFully(fd, position, chunk, resting);
    this.#writes.add(writing);
    try {
      await writing;
    } catch (error) {
      throw diskError(error, "write", this.path, false);
    } finally {
      this.#writes.delete(writing);
    }
  }

  async #writeFully(
    fd: number,
    position: number,
    chunk: Uint8Array,
    resting: Promise<void> | undefined,
  ): Promise<void> {
    await resting;
    await writeFully(this.#context.fs, fd, chunk, position);
  }

  async truncate(): Promise<void> {
    // What is under way would end in what is written anew.
    while (this.#writes.size > 0) await Promise.allSettled(this.#writes);
    try {
      this.#context.fs.ftruncate(this.#open(), 0);
      this.#size = 0;
    } catch (error) {
      throw diskError(error, "truncate", this.path, false);
    }
  }

  async commit(target: string, options: CommitOptions = {}): Promise<FileStat> {
    const { fs, now } = this.#context;
    const fd = this.#open();
    const durable = options.durable === true;
    try {
      if (this.#mode !== undefined) {
        if ((this.#mode & 0o070) !== 0) takeGroup(fs, fd, dirname(this.path));
        fs.fchmod(fd, this.#mode);
      }
      // The kernel's own stamp moves in steps of milliseconds, in which an inode can be freed and used again.
      const seconds = now() / 1000;
      fs.futimes(fd, seconds, options.modifiedMs === undefined ? seconds : options.modifiedMs / 1000);
      if (durable) await fs.fsyncLater(fd);
      await this.#publish(fd, target, options.exclusive === true);
      this.#atRest = true;
      if (durable) {
        await syncFolder(fs, dirname(target));
        for (const made of this.#madeFolders) await syncFolder(fs, dirname(made));
      }
      const stat = fileStat(fs.fstat(fd));
      this.#close();
      return stat;
    } catch (error) {
      throw diskError(error, "write", target);
    }
  }

  async discard(): Promise<void> {
    // The number of a closed descriptor is soon that of another file, in which a late write would end.
    while (this.#writes.size > 0) await Promise.allSettled(this.#writes);
    if (this.#fd === undefined) return;
    this.#close();
    if (this.#atRest) return;
    this.#atRest = true;
    const unlink = (): Promise<void> => this.#context.fs.unlinkLater(this.path);
    await unlink()
      .catch(unlink)
      .catch(() => undefined);
  }

  async leave(): Promise<void> {
    while (this.#writes.size > 0) await Promise.allSettled(this.#writes);
    this.#atRest = true;
    if (this.#fd !== undefined) this.#close();
  }

  async #publish(fd: number, target: string, exclusive: boolean): Promise<void> {
    const { fs } = this.#context;
    if (!exclusive) {
      // A rename frees the file that it replaces, which takes its time for a large one.
      if (this.#size <= smallBytes) fs.rename(this.path, target);
      else await fs.renameLater(this.path, target);
      return;
    }
    try {
      fs.link(this.path, target);
    } catch (error) {
      if (isWithoutLinks(error)) return this.#renameIfFree(target);
      // A network file system may repeat a request whose answer was lost, and then report our own link.
      if (errnoOf(error) !== "EEXIST" || fs.fstat(fd).nlink < 2n) throw error;
    }
    try {
      fs.unlink(this.path);
    } catch {
      await fs.unlinkLater(this.path).catch(() => undefined);
    }
  }

  /** For file systems without hard links, where nothing better exists: between check and rename another may come. */
  #renameIfFree(target: string): void {
    if (this.#context.fs.lstat(target) !== undefined) {
      throw Object.assign(new Error("EEXIST"), { code: "EEXIST", errno: -17 });
    }
    this.#context.fs.rename(this.path, target);
  }

  #open(): number {
    if (this.#fd === undefined) throw new TypeError("This pending file was committed or discarded");
    return this.#fd;
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    this.#context.live.delete(this.path);
    if (fd === undefined) return;
    try {
      this.#context.fs.close(fd);
    } catch {
      // What matters was flushed or is thrown away; the descriptor is gone either way.
    }
  }
}

function isWithoutLinks(error: unknown): boolean {
  return ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(errnoOf(error) ?? "");
}
