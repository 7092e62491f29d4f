/** Tables that take a CRC's register eight bytes further at once ("slicing by eight"), for a register of one or two halves. */

/** 8 × 256 values in halves: entry 256·k + b is what byte b does to the register after k more bytes. */
export interface Slices {
  readonly low: Int32Array;
  /** Zeros for a CRC of 32 bits. */
  readonly high: Int32Array;
}

/** The tables of a reversed polynomial (bit 0 is the highest power), given as two halves. */
export function buildSlices(polynomialLow: number, polynomialHigh: number): Slices {
  const low = new Int32Array(8 * 256);
  const high = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n += 1) {
    let l = n;
    let h = 0;
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = -(l & 1);
      l = ((l >>> 1) | (h << 31)) ^ (polynomialLow & carry);
      h = (h >>> 1) ^ (polynomialHigh & carry);
    }
    low[n] = l;
    high[n] = h;
  }
  for (let n = 256; n < 2048; n += 1) {
    const l = at(low, n - 256);
    const h = at(high, n - 256);
    low[n] = at(low, l & 255) ^ ((l >>> 8) | (h << 24));
    high[n] = at(high, l & 255) ^ (h >>> 8);
  }
  return { low, high };
}

/** For an index that is in bounds, which the compiler cannot know. */
export function at(table: Int32Array, index: number): number {
  return table[index] as number;
}

/** The same for bytes. One function for both would be compiled for two kinds of array, and a sum would take a third longer. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}
