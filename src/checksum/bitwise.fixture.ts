/** CRCs bit by bit, as their definitions read: slow, obvious, and sharing nothing with what they are held against. */

/** Reversed polynomials and check values (of "123456789") as in the CRC catalogue and the NVM command set 1.0. */
export const catalogue = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n, check: 0xcbf43926n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n, check: 0xe3069283n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n, check: 0xae8b14860a799888n },
} as const;

export type CrcName = keyof typeof catalogue;

export function bitwiseCrc(name: CrcName, bytes: Uint8Array): bigint {
  const { bits, polynomial } = catalogue[name];
  const ones = (1n << bits) - 1n;
  let register = ones;
  for (const byte of bytes) {
    register ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) register = (register >> 1n) ^ (polynomial * (register & 1n));
  }
  return register ^ ones;
}

/** Bytes that look random and are the same every time. */
export function noise(lengthBytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthBytes);
  let state = seed;
  for (let i = 0; i < lengthBytes; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
