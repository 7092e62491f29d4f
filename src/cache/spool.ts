/**
 * Takes the bytes of one version as they pass, digests them and keeps them until they are published: small ones in
 * memory, large ones in a pending file of the entry's shard. Nobody sees them before `publish`.
 */
import type { Disk, FileStat, PendingFile } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { type Digest, DigestStream, smallBytes } from "./blocks.ts";

/** Where a spool may put its bytes, and as what. */
export interface SpoolPlace {
  readonly disk: Disk;
  readonly folder: string;
  readonly suffix: string;
  readonly mode: number;
  readonly folderMode: number;
}

/** All bytes of one version. */
export interface Spooled {
  readonly sizeBytes: number;
  readonly digest: Digest;
  /** Of a small one. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Publishes under a path in the spool's folder, once; gives the state of the file there. */
  publish(path: string): Promise<FileStat>;
  discard(): Promise<void>;
}

export class Spool {
  readonly #place: SpoolPlace;
  readonly #sizeBytes: number;
  readonly #digest: DigestStream;
  readonly #bytes: Uint8Array<ArrayBuffer> | undefined;
  #pending: PendingFile | undefined;
  #opening: Promise<PendingFile> | undefined;
  #received = 0;

  constructor(place: SpoolPlace, sizeBytes: number) {
    this.#place = place;
    this.#sizeBytes = sizeBytes;
    this.#digest = new DigestStream(sizeBytes);
    this.#bytes = sizeBytes <= smallBytes ? new Uint8Array(sizeBytes) : undefined;
  }

  /** Appends; one call at a time. Errors of the disk, and truncated when there are more bytes than announced. */
  write(chunk: Uint8Array): void | Promise<void> {
    const at = this.#received;
    this.#receive(at, chunk);
    this.#digest.update(chunk);
    return this.#put(at, chunk);
  }

  /** A piece of any place, beside others; `write` is not used then. Errors as `write`. */
  writeAt(offset: number, chunk: Uint8Array): void | Promise<void> {
    this.#receive(offset, chunk);
    this.#digest.updateAt(offset, chunk);
    return this.#put(offset, chunk);
  }

  /** Error: truncated when bytes are missing. */
  finish(): Spooled {
    const digest = this.#received === this.#sizeBytes ? this.#digest.finish() : undefined;
    if (digest === undefined) throw this.#wrongSize();
    return {
      sizeBytes: this.#sizeBytes,
      digest,
      bytes: this.#bytes,
      publish: (path) => this.#publish(path),
      discard: () => this.discard(),
    };
  }

  /** Never throws; does nothing after `publish`. */
  async discard(): Promise<void> {
    // A file that could not be made is nobody's to remove.
    const pending = this.#pending ?? (await this.#opening?.catch(() => undefined));
    await pending?.discard();
  }

  #receive(offset: number, chunk: Uint8Array): void {
    this.#received += chunk.byteLength;
    if (Math.max(this.#received, offset + chunk.byteLength) > this.#sizeBytes) throw this.#wrongSize();
  }

  #put(offset: number, chunk: Uint8Array): void | Promise<void> {
    if (this.#bytes !== undefined) this.#bytes.set(chunk, offset);
    else if (this.#pending !== undefined) return this.#pending.writeAt(offset, chunk);
    else return this.#putLater(offset, chunk);
  }

  async #putLater(offset: number, chunk: Uint8Array): Promise<void> {
    const { disk, folder, suffix, mode, folderMode } = this.#place;
    this.#opening ??= disk.createPending(folder, { suffix, mode, makeFolders: folderMode });
    this.#pending = await this.#opening;
    await this.#pending.writeAt(offset, chunk);
  }

  #publish(path: string): Promise<FileStat> {
    const { disk, suffix, mode, folderMode } = this.#place;
    if (this.#pending !== undefined) return this.#pending.commit(path);
    return disk.writeFile(path, this.#bytes ?? new Uint8Array(0), { suffix, mode, makeFolders: folderMode });
  }

  #wrongSize(): EntrepotError {
    return new EntrepotError("truncated", `${this.#received} bytes came instead of ${this.#sizeBytes}`);
  }
}
