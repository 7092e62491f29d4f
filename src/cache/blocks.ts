/**
 * Bytes that are checked piece by piece, so that a large copy can be handed out while it is being read and still never
 * with a wrong byte in it. The CRC-32 finds accidents; the SHA-256 of the whole is checked beside it where the bytes came in order.
 */
import { createHash, type Hash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { combineCrc32 } from "../checksum/index.ts";

/** Up to this size an object is held in memory, and is one block. */
export const smallBytes: number = 256 * 1024;

/** How much is read and checked at once, bytes: keeps a record below 128 KiB for objects up to 4 GiB. */
export function blockBytes(sizeBytes: number): number {
  return sizeBytes <= 4 * 2 ** 30 ? smallBytes : 16 * 2 ** 20;
}

/** What is remembered of an object's bytes. */
export interface Digest {
  /** Of all bytes; `undefined` for a large object whose pieces came side by side. */
  readonly sha256: string | undefined;
  readonly blocks: string;
}

/** Differs where bytes do. */
export function bytesName({
  sha256,
  blocks,
}: {
  readonly sha256?: string | undefined;
  readonly blocks: string;
}): string {
  return sha256 ?? hash("sha256", blocks);
}

/** Bytes of one block that lie one behind the other. */
interface Run {
  readonly start: number;
  end: number;
  crc: number;
}

/** Digests an object of known size as it comes: in order, or in pieces of any place of which none comes twice. */
export class DigestStream {
  readonly #sizeBytes: number;
  readonly #blockBytes: number;
  readonly #sums: number[] = [];
  /** What is no whole block yet, by its end. */
  readonly #runs = new Map<number, Run>();
  #sha256: Hash | undefined = createHash("sha256");
  #position = 0;

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
    this.#blockBytes = blockBytes(sizeBytes);
  }

  /** What comes next in order. */
  update(chunk: Uint8Array): void {
    this.#sha256?.update(chunk);
    this.#add(this.#position, chunk);
    this.#position += chunk.byteLength;
  }

  /** A piece of any place. */
  updateAt(offset: number, chunk: Uint8Array): void {
    this.#sha256 = undefined;
    this.#add(offset, chunk);
  }

  /** Nothing when bytes are missing. */
  finish(): Digest | undefined {
    const count = Math.ceil(this.#sizeBytes / this.#blockBytes);
    const runs = [...this.#runs.values()].sort((a, b) => a.start - b.start);
    for (const run of runs) this.#join(run);
    const blocks = Array.from({ length: count }, (_, index) => this.#sums[index]);
    if (blocks.some((sum) => sum === undefined)) return undefined;
    return { sha256: this.#sha256?.digest("hex"), blocks: blocks.map((sum) => blockSum(sum ?? 0)).join("") };
  }

  #add(offset: number, chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength; ) {
      const place = offset + at;
      const intoBlock = place % this.#blockBytes;
      const piece = chunk.subarray(at, at + this.#blockBytes - intoBlock);
      at += piece.byteLength;
      const before = intoBlock === 0 ? undefined : this.#runs.get(place);
      if (before !== undefined) this.#runs.delete(place);
      const run = before ?? { start: place, end: place, crc: 0 };
      run.crc = crc32(piece, run.crc);
      run.end += piece.byteLength;
      if (!this.#endBlock(run)) this.#runs.set(run.end, run);
    }
  }

  /** Whether the run was a whole block. */
  #endBlock({ start, end, crc }: Run): boolean {
    if (start % this.#blockBytes !== 0 || (end % this.#blockBytes !== 0 && end !== this.#sizeBytes)) return false;
    this.#sums[start / this.#blockBytes] = crc;
    return true;
  }

  /** Puts a run behind the one that ends where it starts, once all bytes have come. */
  #join(run: Run): void {
    const before = run.start % this.#blockBytes === 0 ? undefined : this.#runs.get(run.start);
    if (before === undefined) return;
    this.#runs.delete(before.end);
    this.#runs.delete(run.end);
    before.crc = combineCrc32(before.crc, run.crc, run.end - run.start);
    before.end = run.end;
    if (!this.#endBlock(before)) this.#runs.set(before.end, before);
  }
}

/** Whether `bytes` are block number `index` of what was digested. */
export function isBlock(blocks: string, index: number, bytes: Uint8Array): boolean {
  return blocks.slice(index * 8, index * 8 + 8) === blockSum(crc32(bytes));
}

function blockSum(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
