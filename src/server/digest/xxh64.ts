/** XXH64 with seed 0, over bytes that arrive in pieces: `x-amz-checksum-xxhash64`. Its specification is doc/xxhash_spec.md of xxHash. */
import type { RunningChecksum } from "../../checksum/index.ts";
import { avalanche64, low64, prime64_1, prime64_2, prime64_3, prime64_4, prime64_5, rotateLeft } from "./words.ts";

const stripeBytes = 32;

export class RunningXxh64 implements RunningChecksum {
  readonly #lanes = [low64(prime64_1 + prime64_2), prime64_2, 0n, low64(-prime64_1)];
  #rest = Buffer.alloc(0);
  #length = 0n;

  update(chunk: Uint8Array): void {
    this.#length += BigInt(chunk.length);
    const bytes = Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (; at + stripeBytes <= bytes.length; at += stripeBytes) {
      for (let lane = 0; lane < 4; lane++) {
        this.#lanes[lane] = round(this.#lanes[lane] ?? 0n, bytes.readBigUInt64LE(at + 8 * lane));
      }
    }
    this.#rest = bytes.subarray(at);
  }

  digest(): Uint8Array<ArrayBuffer> {
    const digest = Buffer.from(new ArrayBuffer(8));
    digest.writeBigUInt64BE(avalanche64(this.#withRest(low64(this.#start() + this.#length))));
    return new Uint8Array(digest);
  }

  #start(): bigint {
    if (this.#length < BigInt(stripeBytes)) return prime64_5;
    const turns = [1n, 7n, 12n, 18n];
    const sum = low64(this.#lanes.reduce((all, lane, i) => all + rotateLeft(lane, turns[i] ?? 0n), 0n));
    return this.#lanes.reduce((all, lane) => low64((all ^ round(0n, lane)) * prime64_1 + prime64_4), sum);
  }

  #withRest(start: bigint): bigint {
    const rest = this.#rest;
    let hash = start;
    let at = 0;
    for (; at + 8 <= rest.length; at += 8) {
      hash = low64(rotateLeft(hash ^ round(0n, rest.readBigUInt64LE(at)), 27n) * prime64_1 + prime64_4);
    }
    if (at + 4 <= rest.length) {
      const word = low64(BigInt(rest.readUInt32LE(at)) * prime64_1);
      hash = low64(rotateLeft(hash ^ word, 23n) * prime64_2 + prime64_3);
      at += 4;
    }
    for (; at < rest.length; at++) {
      hash = low64(rotateLeft(hash ^ low64(BigInt(rest[at] ?? 0) * prime64_5), 11n) * prime64_1);
    }
    return hash;
  }
}

function round(lane: bigint, word: bigint): bigint {
  return low64(rotateLeft(low64(lane + word * prime64_2), 31n) * prime64_1);
}
