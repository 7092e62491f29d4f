/**
 * Bytes that are checked piece by piece, so that a large copy can be handed out while it is being read and still never
 * with a wrong byte in it. The CRC-32 finds accidents; the SHA-256 of the whole is checked beside it.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

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
  readonly sha256: string;
  readonly blocks: string;
}

/** Digests an object as it comes. */
export class DigestStream {
  readonly #sha256 = createHash("sha256");
  /** Of unknown size: one for each that it may turn out to have. */
  readonly #sums: readonly BlockSums[];
  #sizeBytes = 0;

  constructor(sizeBytes: number | undefined) {
    const sizes = sizeBytes === undefined ? [smallBytes, largeBlockBytes] : [blockBytes(sizeBytes)];
    this.#sums = sizes.map((size) => new BlockSums(size));
  }

  update(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.byteLength;
    this.#sha256.update(chunk);
    for (const sums of this.#sums) {
      if (sums.blockBytes !== smallBytes || this.#sizeBytes <= smallBlocksBytes) sums.update(chunk);
    }
  }

  finish(): Digest {
    const wanted = this.#sums.find((sums) => sums.blockBytes === blockBytes(this.#sizeBytes)) ?? this.#sums[0];
    return { sha256: this.#sha256.digest("hex"), blocks: wanted?.finish() ?? "" };
  }
}

/** The sums of blocks of one size. */
class BlockSums {
  readonly blockBytes: number;
  readonly #blocks: string[] = [];
  #crc = 0;
  #filled = 0;

  constructor(bytes: number) {
    this.blockBytes = bytes;
  }

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = chunk.subarray(at, at + this.blockBytes - this.#filled);
      this.#crc = crc32(piece, this.#crc);
      this.#filled += piece.byteLength;
      at += piece.byteLength;
      if (this.#filled === this.blockBytes) this.#endBlock();
    }
  }

  finish(): string {
    if (this.#filled > 0) this.#endBlock();
    return this.#blocks.join("");
  }

  #endBlock(): void {
    this.#blocks.push(blockSum(this.#crc));
    this.#crc = 0;
    this.#filled = 0;
  }
}

/** Whether `bytes` are block number `index` of what was digested. */
export function isBlock(blocks: string, index: number, bytes: Uint8Array): boolean {
  return blocks.slice(index * 8, index * 8 + 8) === blockSum(crc32(bytes));
}

function blockSum(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
