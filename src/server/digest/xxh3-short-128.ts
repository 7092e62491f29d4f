/** XXH3 of at most 240 bytes, 128 bits. */
import { avalanche3, avalanche64, low64, prime32_2, prime64_1, prime64_2, prime64_4, swapBytes } from "./words.ts";
import { combineFew, mix16, secret, secretWord, sumOfWords } from "./xxh3-secret.ts";

/** Both halves. */
export interface Xxh128 {
  readonly high: bigint;
  readonly low: bigint;
}

export function xxh128Short(input: Buffer): Xxh128 {
  const { length } = input;
  if (length === 0) {
    return { low: avalanche64(secretWord(64) ^ secretWord(72)), high: avalanche64(secretWord(80) ^ secretWord(88)) };
  }
  if (length <= 3) return upTo3(input);
  if (length <= 8) return upTo8(input);
  if (length <= 16) return upTo16(input);
  return length <= 128 ? upTo128(input) : upTo240(input);
}

function upTo3(input: Buffer): Xxh128 {
  const low = combineFew(input);
  const swapped = Buffer.alloc(4);
  swapped.writeUInt32LE(low);
  const turned = swapped.readUInt32BE();
  const high = ((turned << 13) | (turned >>> 19)) >>> 0;
  const flip = (at: number) => BigInt((secret.readUInt32LE(at) ^ secret.readUInt32LE(at + 4)) >>> 0);
  return { low: avalanche64(BigInt(low) ^ flip(0)), high: avalanche64(BigInt(high) ^ flip(8)) };
}

function upTo8(input: Buffer): Xxh128 {
  const { length } = input;
  const word = BigInt(input.readUInt32LE(0)) + (BigInt(input.readUInt32LE(length - 4)) << 32n);
  const keyed = word ^ secretWord(16) ^ secretWord(24);
  const product = keyed * (prime64_1 + BigInt(length << 2));
  let low = low64(product);
  const high = low64((product >> 64n) + (low << 1n));
  low ^= high >> 3n;
  low = low64((low ^ (low >> 35n)) * 0x9fb21c651e98df25n);
  return { low: low ^ (low >> 28n), high: avalanche3(high) };
}

function upTo16(input: Buffer): Xxh128 {
  const { length } = input;
  const [first, last] = [input.readBigUInt64LE(0), input.readBigUInt64LE(length - 8)];
  const product = (first ^ last ^ secretWord(32) ^ secretWord(40)) * prime64_1;
  const flipped = last ^ secretWord(48) ^ secretWord(56);
  const high = low64((product >> 64n) + flipped + (flipped & 0xffff_ffffn) * (prime32_2 - 1n));
  const low = low64(product + (BigInt(length - 1) << 54n)) ^ swapBytes(high);
  const mixed = low * prime64_2;
  return { low: avalanche3(low64(mixed)), high: avalanche3(low64((mixed >> 64n) + high * prime64_2)) };
}

function mix32(sum: Xxh128, input: Buffer, one: number, other: number, secretAt: number): Xxh128 {
  return {
    low: low64(sum.low + mix16(input, one, secretAt)) ^ sumOfWords(input, other),
    high: low64(sum.high + mix16(input, other, secretAt + 16)) ^ sumOfWords(input, one),
  };
}

function upTo128(input: Buffer): Xxh128 {
  const { length } = input;
  let sum: Xxh128 = { low: low64(BigInt(length) * prime64_1), high: 0n };
  for (let pair = Math.floor((length - 1) / 32); pair >= 0; pair--) {
    sum = mix32(sum, input, 16 * pair, length - 16 * (pair + 1), 32 * pair);
  }
  return finish(sum, length);
}

function upTo240(input: Buffer): Xxh128 {
  const { length } = input;
  let sum: Xxh128 = { low: low64(BigInt(length) * prime64_1), high: 0n };
  for (let at = 32; at < 160; at += 32) sum = mix32(sum, input, at - 32, at - 16, at - 32);
  sum = { low: avalanche3(sum.low), high: avalanche3(sum.high) };
  for (let at = 160; at <= length; at += 32) sum = mix32(sum, input, at - 32, at - 16, at - 157);
  return finish(mix32(sum, input, length - 16, length - 32, 103), length);
}

function finish({ low, high }: Xxh128, length: number): Xxh128 {
  const mixed = low64(low * prime64_1 + high * prime64_4 + BigInt(length) * prime64_2);
  return { low: avalanche3(low64(low + high)), high: low64(-avalanche3(mixed)) };
}
