/** An open regular file: positional reads that may overlap, and one close. */
import { EntrepotError } from "../error/index.ts";
import type { FileStat, OpenOptions, ReadableFile } from "./disk.ts";
import { diskError } from "./errors.ts";
import { fileStat } from "./file-stat.ts";
import { type FsOperations, openFlags } from "./fs-operations.ts";
import type { Pacer } from "./pacer.ts";
import { readFully, smallBytes } from "./transfer-bytes.ts";

/** Opens `path` when it is a regular file. */
export function openReadableFile(fs: FsOperations, pacer: Pacer, path: string, options: OpenOptions): ReadableFile {
  let fd: number | undefined;
  try {
    fd = fs.open(path, options.followLinks === true ? openFlags.readFollowing : openFlags.read);
    const stat = fileStat(fs.fstat(fd));
    if (stat.kind !== "file") throw notAFile(path, stat);
    return new NodeReadableFile(fs, pacer, path, fd, stat);
  } catch (error) {
    if (fd !== undefined) fs.close(fd);
    throw diskError(error, "open", path);
  }
}

function notAFile(path: string, stat: FileStat): EntrepotError {
  if (stat.kind === "folder") {
    return new EntrepotError("not-found", `Cannot open ${path}: it is a folder`, {
      hint: "end the address with / to mean the folder",
    });
  }
  return new EntrepotError("unsupported", `Cannot open ${path}: it is a pipe, socket or device`, {
    hint: "give a regular file",
  });
}

class NodeReadableFile implements ReadableFile {
  readonly stat: FileStat;
  readonly #fs: FsOperations;
  readonly #pacer: Pacer;
  readonly #path: string;
  #fd: number | undefined;
  #reads = 0;
  #closing = false;

  constructor(fs: FsOperations, pacer: Pacer, path: string, fd: number, stat: FileStat) {
    this.#fs = fs;
    this.#pacer = pacer;
    this.#path = path;
    this.#fd = fd;
    this.stat = stat;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    return this.#using("read", async (fd) => {
      if (target.byteLength <= smallBytes) await this.#pacer.rest();
      return readFully(this.#fs, fd, target, position);
    });
  }

  async restat(): Promise<FileStat> {
    return this.#using("stat", async (fd) => fileStat(this.#fs.fstat(fd)));
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#reads === 0) this.#release();
  }

  async #using<T>(action: string, operation: (fd: number) => Promise<T>): Promise<T> {
    if (this.#fd === undefined || this.#closing) throw new TypeError("This file was closed");
    this.#reads += 1;
    try {
      return await operation(this.#fd);
    } catch (error) {
      throw diskError(error, action, this.#path, false);
    } finally {
      this.#reads -= 1;
      // A descriptor that closes under a running read may already belong to another file.
      if (this.#closing && this.#reads === 0) this.#release();
    }
  }

  #release(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) this.#fs.close(fd);
  }
}
