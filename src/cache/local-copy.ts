/**
 * An entry that is open: its bytes in memory, already checked, or its file, checked block by block as it is read. The
 * copy survives whatever happens to its names; it is shared by counting.
 */
import { createHash } from "node:crypto";
import type { FileStat, ReadableFile } from "../disk/index.ts";
import type { ObjectInfo, ResolvedRange } from "../store/index.ts";
import { blockBytes, isBlock } from "./blocks.ts";
import type { EntryRecord } from "./record.ts";

/** The bytes from `offset` on are not what was stored; all before it were right. */
export class DamagedCopy extends Error {
  readonly offset: number;

  constructor(offset: number, cause?: unknown) {
    super("The local copy is damaged", cause === undefined ? undefined : { cause });
    this.offset = offset;
  }
}

/** Where the bytes come from: memory, or a file. */
export type CopyContent = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly file: ReadableFile };

export class LocalCopy {
  readonly record: EntryRecord;
  readonly path: string;
  /** Whether the file is in the state in which its bytes were last read and found right, since this start of this machine. */
  readonly trusted: boolean;
  readonly #content: CopyContent;
  readonly #unpin: () => void;
  #users = 1;

  constructor(record: EntryRecord, path: string, trusted: boolean, content: CopyContent, unpin: () => void) {
    this.record = record;
    this.path = path;
    this.trusted = trusted;
    this.#content = content;
    this.#unpin = unpin;
  }

  get info(): ObjectInfo {
    return this.record.info;
  }

  /** The state of the file that is read; of small copies nothing is left to read. */
  get file(): FileStat | undefined {
    return "file" in this.#content ? this.#content.file.stat : undefined;
  }

  retain(): this {
    this.#users += 1;
    return this;
  }

  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#unpin();
    // What was read was checked; a descriptor that does not close well changes nothing of it.
    if ("file" in this.#content) await this.#content.file.close().catch(() => undefined);
  }

  /**
   * Gives `[start, end)` piece by piece; a piece is valid until `write` settles. Every block is checked before it is
   * given; when all of the object is read, its SHA-256 as well if it is known. Throws `DamagedCopy`.
   */
  async deliver({ start, end }: ResolvedRange, write: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    const content = this.#content;
    if ("bytes" in content) {
      if (end > start) await write(content.bytes.subarray(start, end));
      return;
    }
    const { sizeBytes } = this.info;
    const isWhole = start === 0 && end === sizeBytes && this.record.sha256 !== undefined;
    const whole = isWhole ? createHash("sha256") : undefined;
    const size = blockBytes(sizeBytes);
    const buffer = new Uint8Array(Math.min(size, sizeBytes));
    for (let index = Math.floor(start / size); index * size < end; index += 1) {
      const at = index * size;
      const block = buffer.subarray(0, Math.min(size, sizeBytes - at));
      await this.#readBlock(content.file, block, index, Math.max(at, start));
      whole?.update(block);
      // The last piece waits for the verdict on the whole.
      if (at + size >= end && whole !== undefined && whole.digest("hex") !== this.record.sha256) {
        throw new DamagedCopy(at);
      }
      await write(block.subarray(Math.max(start - at, 0), end - at));
    }
  }

  async #readBlock(file: ReadableFile, block: Uint8Array, index: number, offset: number): Promise<void> {
    let read: number;
    try {
      read = await file.read(block, index * blockBytes(this.info.sizeBytes));
    } catch (error) {
      throw new DamagedCopy(offset, error);
    }
    if (read !== block.byteLength || !isBlock(this.record.blocks, index, block)) throw new DamagedCopy(offset);
  }
}
