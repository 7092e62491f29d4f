/** A table of prefix codes as the decoder wants it: most codes are found by one look-up, the longest by comparison. */
import { CodecFault } from "../codec-fault.ts";
import type { BitReader } from "./read-bits.ts";

export const longestCode = 20;
const quickBits = 10;

export class HuffmanTable {
  /** By the next `quickBits`: the symbol times 32 and the length of its code; 0 for longer ones. */
  readonly #quick = new Uint16Array(1 << quickBits);
  readonly #symbols: Uint16Array;
  /** By length, left-aligned in 20 bits: one more than the last code of that length. */
  readonly #limits = new Int32Array(longestCode + 2);
  readonly #offsets = new Int32Array(longestCode + 2);

  /** `lengths` from 1 to 20, by symbol. Fault: malformed. */
  constructor(lengths: Uint8Array) {
    const counts = new Int32Array(longestCode + 1);
    for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
    this.#symbols = new Uint16Array(lengths.length);
    const starts = new Int32Array(longestCode + 1);
    let code = 0;
    let index = 0;
    for (let length = 1; length <= longestCode; length += 1) {
      const count = counts[length] ?? 0;
      starts[length] = index;
      this.#offsets[length] = index - code;
      code += count;
      index += count;
      if (code > 2 ** length) throw new CodecFault("malformed", "a table gives two symbols one code");
      this.#limits[length] = code << (longestCode - length);
      code <<= 1;
    }
    lengths.forEach((length, symbol) => {
      const at = starts[length] ?? 0;
      this.#symbols[at] = symbol;
      starts[length] = at + 1;
      if (length > quickBits) return;
      const first = (at - (this.#offsets[length] ?? 0)) << (quickBits - length);
      this.#quick.fill(symbol * 32 + length, first, first + (1 << (quickBits - length)));
    });
  }

  /** The next symbol. Fault: malformed. */
  read(bits: BitReader): number {
    const ahead = bits.peek(longestCode);
    const quick = this.#quick[ahead >>> (longestCode - quickBits)] ?? 0;
    if (quick !== 0) {
      bits.at += quick & 31;
      return quick >>> 5;
    }
    return this.#readLong(bits, ahead);
  }

  #readLong(bits: BitReader, ahead: number): number {
    for (let length = 1; length <= longestCode; length += 1) {
      if (ahead >= (this.#limits[length] ?? 0)) continue;
      bits.at += length;
      return this.#symbols[(ahead >>> (longestCode - length)) + (this.#offsets[length] ?? 0)] ?? 0;
    }
    throw new CodecFault("malformed", "a code that no symbol has");
  }
}
