/**
 * XXH3 with seed 0 and the default secret, of 64 or of 128 bits, over bytes that arrive in pieces:
 * `x-amz-checksum-xxhash3` and `-xxhash128`. Its specification is doc/xxhash_spec.md of xxHash.
 */
import type { RunningChecksum } from "../../checksum/index.ts";
import {
  avalanche3,
  low64,
  multiplyFold,
  prime32_1,
  prime32_2,
  prime32_3,
  prime64_1,
  prime64_2,
  prime64_3,
  prime64_4,
  prime64_5,
} from "./words.ts";
import { secretWord } from "./xxh3-secret.ts";
import { xxh3Short } from "./xxh3-short.ts";
import { xxh128Short } from "./xxh3-short-128.ts";

const stripeBytes = 64;
const stripesOfBlock = 16;
const longestShort = 240;

export class RunningXxh3 implements RunningChecksum {
  readonly #bits: 64 | 128;
  readonly #lanes = [prime32_3, prime64_1, prime64_2, prime64_3, prime64_4, prime32_2, prime64_5, prime32_1];
  /** What no stripe has taken yet, behind the last stripe taken: the end of the input is mixed in once more. */
  #held: Buffer = Buffer.alloc(0);
  #taken = 0;
  #stripes = 0;
  #length = 0;

  constructor(bits: 64 | 128) {
    this.#bits = bits;
  }

  update(chunk: Uint8Array): void {
    this.#length += chunk.length;
    const bytes = Buffer.concat([this.#held, chunk]);
    this.#held = bytes;
    if (this.#length <= longestShort) return;
    let at = this.#taken;
    for (; bytes.length - at > stripeBytes; at += stripeBytes) {
      this.#accumulate(bytes, at, 8 * this.#stripes);
      this.#stripes += 1;
      if (this.#stripes === stripesOfBlock) this.#scramble();
    }
    this.#held = bytes.subarray(Math.max(0, at - stripeBytes));
    this.#taken = Math.min(at, stripeBytes);
  }

  digest(): Uint8Array<ArrayBuffer> {
    const bytes = Buffer.from(new ArrayBuffer(this.#bits / 8));
    if (this.#length > longestShort) this.#accumulate(this.#held, this.#held.length - stripeBytes, 121);
    const length = BigInt(this.#length);
    const short = this.#length <= longestShort;
    const merged = () => this.#merge(11, low64(length * prime64_1));
    if (this.#bits === 64) bytes.writeBigUInt64BE(short ? xxh3Short(this.#held) : merged());
    else {
      const { low, high } = short
        ? xxh128Short(this.#held)
        : { low: merged(), high: this.#merge(117, low64(~(length * prime64_2))) };
      bytes.writeBigUInt64BE(high, 0);
      bytes.writeBigUInt64BE(low, 8);
    }
    return new Uint8Array(bytes);
  }

  #accumulate(bytes: Buffer, at: number, secretAt: number): void {
    const lanes = this.#lanes;
    for (let i = 0; i < 8; i++) {
      const word = bytes.readBigUInt64LE(at + 8 * i);
      const keyed = word ^ secretWord(secretAt + 8 * i);
      lanes[i ^ 1] = low64((lanes[i ^ 1] ?? 0n) + word);
      lanes[i] = low64((lanes[i] ?? 0n) + (keyed & 0xffff_ffffn) * (keyed >> 32n));
    }
  }

  #scramble(): void {
    this.#stripes = 0;
    for (const [i, lane] of this.#lanes.entries()) {
      this.#lanes[i] = low64((lane ^ (lane >> 47n) ^ secretWord(128 + 8 * i)) * prime32_1);
    }
  }

  #merge(secretAt: number, start: bigint): bigint {
    const lanes = this.#lanes;
    let sum = start;
    for (let i = 0; i < 8; i += 2) {
      const [one, other] = [lanes[i] ?? 0n, lanes[i + 1] ?? 0n];
      sum += multiplyFold(one ^ secretWord(secretAt + 8 * i), other ^ secretWord(secretAt + 8 * i + 8));
    }
    return avalanche3(low64(sum));
  }
}
