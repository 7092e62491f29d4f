/** XXH3 of at most 240 bytes, 64 bits: each range of lengths has a way of its own. */
import { avalanche3, avalanche64, low64, multiplyFold, prime64_1, rotateLeft, swapBytes } from "./words.ts";
import { combineFew, mix16, secret, secretWord } from "./xxh3-secret.ts";

export function xxh3Short(input: Buffer): bigint {
  const { length } = input;
  if (length === 0) return avalanche64(secretWord(56) ^ secretWord(64));
  if (length <= 3) {
    const flip = BigInt((secret.readUInt32LE(0) ^ secret.readUInt32LE(4)) >>> 0);
    return avalanche64(BigInt(combineFew(input)) ^ flip);
  }
  if (length <= 8) return upTo8(input);
  if (length <= 16) {
    const low = input.readBigUInt64LE(0) ^ secretWord(24) ^ secretWord(32);
    const high = input.readBigUInt64LE(length - 8) ^ secretWord(40) ^ secretWord(48);
    return avalanche3(low64(BigInt(length) + swapBytes(low) + high + multiplyFold(low, high)));
  }
  return length <= 128 ? upTo128(input) : upTo240(input);
}

function upTo8(input: Buffer): bigint {
  const length = BigInt(input.length);
  const word = BigInt(input.readUInt32LE(input.length - 4)) + (BigInt(input.readUInt32LE(0)) << 32n);
  const keyed = word ^ secretWord(8) ^ secretWord(16);
  const prime = 0x9fb21c651e98df25n;
  const first = low64((keyed ^ rotateLeft(keyed, 49n) ^ rotateLeft(keyed, 24n)) * prime);
  const second = low64((first ^ ((first >> 35n) + length)) * prime);
  return second ^ (second >> 28n);
}

function upTo128(input: Buffer): bigint {
  const { length } = input;
  let sum = BigInt(length) * prime64_1;
  for (let pair = Math.floor((length - 1) / 32); pair >= 0; pair--) {
    sum += mix16(input, 16 * pair, 32 * pair) + mix16(input, length - 16 * (pair + 1), 32 * pair + 16);
  }
  return avalanche3(low64(sum));
}

function upTo240(input: Buffer): bigint {
  const { length } = input;
  let sum = BigInt(length) * prime64_1;
  for (let i = 0; i < 8; i++) sum += mix16(input, 16 * i, 16 * i);
  sum = avalanche3(low64(sum));
  for (let i = 8; i < Math.floor(length / 16); i++) sum += mix16(input, 16 * i, 16 * (i - 8) + 3);
  return avalanche3(low64(sum + mix16(input, length - 16, 119)));
}
