/**
 * Bytes that are checked piece by piece, so that a large copy can be handed out while it is being read and still never
 * with a wrong byte in it. The CRC-32 finds accidents; the SHA-256 of the whole is checked beside it where the bytes came in order.
 */
import { createHash, type Hash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { combineCrc32 } from "../checksum/index.ts";

/** Up to this size an object is held in memory, and is one block. */
export const smallBytes: number = 256 * 1024;

/** Objects up to this size have small blocks, bytes: it keeps their records below 128 KiB. */
const smallBlocksBytes = 4 * 2 ** 30;
const largeBlockBytes = 16 * 2 ** 20;

/** How much is read and checked at once, bytes. */
export function blockBytes(sizeBytes: number): number {
  return sizeBytes <= smallBlocksBytes ? smallBytes : largeBlockBytes;
}

/** What is remembered of an object's bytes. */
export interface Digest {
  /** Of all bytes; `undefined` for a large object whose pieces came side by side. */
  readonly sha256: string | undefined;
  readonly blocks: string;
}

/** Differs where bytes do. */
export function bytesName(digest: { readonly sha256?: string | undefined; readonly blocks: string }): string {
  return digest.sha256 ?? hash("sha256", digest.blocks);
}

/** Digests an object as it comes: in order, or one of known size in pieces of any place of which none comes twice. */
export class DigestStream {
  #sha256: Hash | undefined = createHash("sha256");
  /** Of unknown size: one for each that it may turn out to have. */
  readonly #sums: readonly BlockSums[];
  readonly #sizeBytes: number | undefined;
  #receivedBytes = 0;

  constructor(sizeBytes: number | undefined) {
    this.#sizeBytes = sizeBytes;
    const sizes = sizeBytes === undefined ? [smallBytes, largeBlockBytes] : [blockBytes(sizeBytes)];
    this.#sums = sizes.map((size) => new BlockSums(size));
  }

  /** What comes next in order. */
  update(chunk: Uint8Array): void {
    this.#sha256?.update(chunk);
    this.#add(this.#receivedBytes, chunk);
  }

  /** A piece of any place. */
  updateAt(offset: number, chunk: Uint8Array): void {
    this.#sha256 = undefined;
    this.#add(offset, chunk);
  }

  /** Nothing when bytes are missing. */
  finish(): Digest | undefined {
    const size = this.#sizeBytes ?? this.#receivedBytes;
    const wanted = this.#sums.find((sums) => sums.blockBytes === blockBytes(size)) ?? this.#sums[0];
    const blocks = wanted?.finish(size);
    return blocks === undefined ? undefined : { sha256: this.#sha256?.digest("hex"), blocks };
  }

  #add(offset: number, chunk: Uint8Array): void {
    this.#receivedBytes += chunk.byteLength;
    for (const sums of this.#sums) {
      if (sums.blockBytes !== smallBytes || this.#receivedBytes <= smallBlocksBytes) sums.add(offset, chunk);
    }
  }
}

/** Bytes of one block that lie one behind the other. */
interface Run {
  readonly start: number;
  end: number;
  crc: number;
}

/** The sums of blocks of one size. */
class BlockSums {
  readonly blockBytes: number;
  readonly #sums: number[] = [];
  /** What is no whole block yet, by its end. */
  readonly #runs = new Map<number, Run>();

  constructor(bytes: number) {
    this.blockBytes = bytes;
  }

  add(offset: number, chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength; ) {
      const place = offset + at;
      const intoBlock = place % this.blockBytes;
      const piece = chunk.subarray(at, at + this.blockBytes - intoBlock);
      at += piece.byteLength;
      const before = intoBlock === 0 ? undefined : this.#runs.get(place);
      if (before !== undefined) this.#runs.delete(place);
      const run = before ?? { start: place, end: place, crc: 0 };
      run.crc = crc32(piece, run.crc);
      run.end += piece.byteLength;
      this.#keep(run, Number.POSITIVE_INFINITY);
    }
  }

  /** Of an object of so many bytes; nothing when some of them are missing. */
  finish(sizeBytes: number): string | undefined {
    const runs = [...this.#runs.values()].sort((a, b) => a.start - b.start);
    for (const run of runs) this.#join(run, sizeBytes);
    const blocks = Array.from({ length: Math.ceil(sizeBytes / this.blockBytes) }, (_, index) => this.#sums[index]);
    return blocks.some((sum) => sum === undefined) ? undefined : blocks.map((sum) => blockSum(sum ?? 0)).join("");
  }

  #keep(run: Run, sizeBytes: number): void {
    const { start, end, crc } = run;
    const isBlock = start % this.blockBytes === 0 && (end % this.blockBytes === 0 || end === sizeBytes);
    if (isBlock) this.#sums[start / this.blockBytes] = crc;
    else this.#runs.set(end, run);
  }

  /** Puts a run behind the one that ends where it starts, once all bytes have come. */
  #join(run: Run, sizeBytes: number): void {
    const before = run.start % this.blockBytes === 0 ? undefined : this.#runs.get(run.start);
    this.#runs.delete(run.end);
    if (before === undefined) {
      this.#keep(run, sizeBytes);
      return;
    }
    this.#runs.delete(before.end);
    before.crc = combineCrc32(before.crc, run.crc, run.end - run.start);
    before.end = run.end;
    this.#keep(before, sizeBytes);
  }
}

/** Whether `bytes` are block number `index` of what was digested. */
export function isBlock(blocks: string, index: number, bytes: Uint8Array): boolean {
  return blocks.slice(index * 8, index * 8 + 8) === blockSum(crc32(bytes));
}

function blockSum(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
