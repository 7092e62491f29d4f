/** Arithmetic of 64 bits as the xxHash family has it, on BigInt: right rather than fast. */

export const prime32_1 = 0x9e3779b1n;
export const prime32_2 = 0x85ebca77n;
export const prime32_3 = 0xc2b2ae3dn;
export const prime64_1 = 0x9e3779b185ebca87n;
export const prime64_2 = 0xc2b2ae3d27d4eb4fn;
export const prime64_3 = 0x165667b19e3779f9n;
export const prime64_4 = 0x85ebca77c2b2ae63n;
export const prime64_5 = 0x27d4eb2f165667c5n;

const mask = 0xffff_ffff_ffff_ffffn;

/** The low 64 bits, of negative numbers too. */
export function low64(value: bigint): bigint {
  return value & mask;
}

export function rotateLeft(value: bigint, by: bigint): bigint {
  return low64(value << by) | (value >> (64n - by));
}

export function swapBytes(value: bigint): bigint {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.readBigUInt64BE();
}

/** Both halves of a product of 128 bits, one upon the other. */
export function multiplyFold(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & mask) ^ (product >> 64n);
}

/** The last stirring of XXH64. */
export function avalanche64(value: bigint): bigint {
  const first = low64((value ^ (value >> 33n)) * prime64_2);
  const second = low64((first ^ (first >> 29n)) * prime64_3);
  return second ^ (second >> 32n);
}

/** The last stirring of XXH3. */
export function avalanche3(value: bigint): bigint {
  const stirred = low64((value ^ (value >> 37n)) * 0x165667919e3779f9n);
  return stirred ^ (stirred >> 32n);
}
