/** CRC-64 as xz has it (ECMA-182, reflected), in two halves of 32 bits, four bytes at a time. */

const polynomial = { high: 0xc96c5795, low: 0xd7870f42 };
/** Four tables of 256, each entry low and high. */
const tables = makeTables();

function makeTables(): Uint32Array {
  const made = new Uint32Array(4 * 512);
  for (let byte = 0; byte < 256; byte += 1) {
    let [low, high] = [byte, 0];
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | ((high & 1) << 31);
      high >>>= 1;
      if (isOdd) {
        low ^= polynomial.low;
        high ^= polynomial.high;
      }
    }
    made[byte * 2] = low;
    made[byte * 2 + 1] = high;
  }
  for (let at = 512; at < made.length; at += 2) {
    const [low, high] = [made[at - 512] ?? 0, made[at - 511] ?? 0];
    const first = (low & 0xff) * 2;
    made[at] = ((low >>> 8) | (high << 24)) ^ (made[first] ?? 0);
    made[at + 1] = (high >>> 8) ^ (made[first + 1] ?? 0);
  }
  return made;
}

export class Crc64 {
  #low = 0xffffffff | 0;
  #high = 0xffffffff | 0;

  update(bytes: Uint8Array): void {
    let [low, high] = [this.#low, this.#high];
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) {
      const word =
        low ^
        ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24));
      const [a, b, c, d] = [
        1536 + (word & 0xff) * 2,
        1024 + ((word >>> 8) & 0xff) * 2,
        512 + ((word >>> 16) & 0xff) * 2,
        (word >>> 24) * 2,
      ];
      low = high ^ (tables[a] ?? 0) ^ (tables[b] ?? 0) ^ (tables[c] ?? 0) ^ (tables[d] ?? 0);
      high = (tables[a + 1] ?? 0) ^ (tables[b + 1] ?? 0) ^ (tables[c + 1] ?? 0) ^ (tables[d + 1] ?? 0);
    }
    for (; at < bytes.length; at += 1) {
      const entry = ((low ^ (bytes[at] ?? 0)) & 0xff) * 2;
      low = ((low >>> 8) | (high << 24)) ^ (tables[entry] ?? 0);
      high = (high >>> 8) ^ (tables[entry + 1] ?? 0);
    }
    this.#low = low;
    this.#high = high;
  }

  /** Eight bytes, the lowest first, as xz stores them. */
  digest(): Uint8Array {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, ~this.#low >>> 0, true);
    view.setUint32(4, ~this.#high >>> 0, true);
    return bytes;
  }
}
