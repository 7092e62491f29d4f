/**
 * Takes the bytes of one version as they pass, digests them and keeps them until they are published: small ones in
 * memory, large ones in a pending file of the entry's shard. Nobody sees them before `publish`.
 */
import type { CommitOptions, Disk, FileStat, PendingFile } from "../disk/index.ts";
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
  publish(path: string, options?: CommitOptions): Promise<FileStat>;
  discard(): Promise<void>;
}

export class Spool {
  readonly #place: SpoolPlace;
  readonly #sizeBytes: number | undefined;
  readonly #digest: DigestStream;
  /** What is held in memory; `undefined` once it is in the file. */
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #pending: PendingFile | undefined;
  #opening: Promise<PendingFile> | undefined;
  #received = 0;

  /** Of unknown size when it is `undefined`. */
  constructor(place: SpoolPlace, sizeBytes: number | undefined) {
    this.#place = place;
    this.#sizeBytes = sizeBytes;
    this.#digest = new DigestStream(sizeBytes);
    this.#bytes = (sizeBytes ?? 0) <= smallBytes ? new Uint8Array(sizeBytes ?? 0) : undefined;
  }

  /** What came so far. */
  get receivedBytes(): number {
    return this.#received;
  }

  /** Appends; one call at a time. Errors of the disk, and truncated when there are more bytes than announced. */
  write(chunk: Uint8Array): void | Promise<void> {
    const at = this.#received;
    this.#receive(at, chunk);
    this.#digest.update(chunk);
    if (this.#bytes === undefined) return this.#put(at, chunk);
    if (this.#received > smallBytes) return this.#spill(this.#bytes.subarray(0, at), chunk);
    if (this.#received > this.#bytes.byteLength) this.#bytes = enlarged(this.#bytes, this.#received);
    this.#bytes.set(chunk, at);
  }

  /** A piece of any place of an object of known size, beside others; `write` is not used then. Errors as `write`. */
  writeAt(offset: number, chunk: Uint8Array): void | Promise<void> {
    this.#receive(offset, chunk);
    this.#digest.updateAt(offset, chunk);
    if (this.#bytes === undefined) return this.#put(offset, chunk);
    this.#bytes.set(chunk, offset);
  }

  /** Error: truncated when bytes are missing. */
  finish(): Spooled {
    const digest = this.#received === (this.#sizeBytes ?? this.#received) ? this.#digest.finish() : undefined;
    if (digest === undefined) throw this.#wrongSize();
    const held = this.#bytes;
    const bytes = held?.byteLength === this.#received ? held : held?.slice(0, this.#received);
    this.#bytes = bytes;
    return {
      sizeBytes: this.#received,
      digest,
      bytes,
      publish: (path, options) => this.#publish(path, options),
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
    if (Math.max(this.#received, offset + chunk.byteLength) > (this.#sizeBytes ?? Number.POSITIVE_INFINITY)) {
      throw this.#wrongSize();
    }
  }

  #put(offset: number, chunk: Uint8Array): void | Promise<void> {
    return this.#pending === undefined ? this.#putLater(offset, chunk) : this.#pending.writeAt(offset, chunk);
  }

  async #putLater(offset: number, chunk: Uint8Array): Promise<void> {
    const { disk, folder, suffix, mode, folderMode } = this.#place;
    this.#opening ??= disk.createPending(folder, { suffix, mode, makeFolders: folderMode });
    this.#pending = await this.#opening;
    await this.#pending.writeAt(offset, chunk);
  }

  /** It has become too large for memory. */
  async #spill(held: Uint8Array, chunk: Uint8Array): Promise<void> {
    this.#bytes = undefined;
    if (held.byteLength > 0) await this.#put(0, held);
    await this.#put(held.byteLength, chunk);
  }

  #publish(path: string, options: CommitOptions = {}): Promise<FileStat> {
    const { disk, suffix, mode, folderMode } = this.#place;
    if (this.#pending !== undefined) return this.#pending.commit(path, options);
    return disk.writeFile(path, this.#bytes ?? new Uint8Array(0), {
      suffix,
      mode,
      makeFolders: folderMode,
      ...options,
    });
  }

  #wrongSize(): EntrepotError {
    return new EntrepotError("truncated", `${this.#received} bytes came instead of ${this.#sizeBytes}`);
  }
}

function enlarged(bytes: Uint8Array, neededBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(smallBytes, Math.max(neededBytes, bytes.byteLength * 4, 4096)));
  larger.set(bytes);
  return larger;
}
