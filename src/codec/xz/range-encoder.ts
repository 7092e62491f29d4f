/** The range encoder: bits into bytes, by the same probabilities that the decoder will have. */

export class RangeEncoder {
  readonly probabilities: Uint16Array;
  readonly #output: Uint8Array;
  #length = 0;
  #low = 0;
  #range = 0xffffffff;
  #cache = 0;
  #waiting = 1;

  /** `output` has room for what is written between two `flush`es. */
  constructor(output: Uint8Array, probabilities: Uint16Array) {
    this.#output = output;
    this.probabilities = probabilities;
  }

  /** Bytes that a flush now would make. */
  get pending(): number {
    return this.#length + this.#waiting + 4;
  }

  bit(index: number, bit: number): void {
    const probability = this.probabilities[index] ?? 0;
    const bound = (this.#range >>> 11) * probability;
    if (bit === 0) {
      this.#range = bound;
      this.probabilities[index] = probability + ((2048 - probability) >>> 5);
    } else {
      this.#low += bound;
      this.#range -= bound;
      this.probabilities[index] = probability - (probability >>> 5);
    }
    if (this.#range < 0x1000000) {
      this.#range = (this.#range << 8) >>> 0;
      this.#shift();
    }
  }

  /** Bits of equal odds, the highest first. */
  direct(value: number, count: number): void {
    for (let place = count - 1; place >= 0; place -= 1) {
      this.#range >>>= 1;
      if (((value >>> place) & 1) === 1) this.#low += this.#range;
      if (this.#range < 0x1000000) {
        this.#range = (this.#range << 8) >>> 0;
        this.#shift();
      }
    }
  }

  tree(base: number, count: number, value: number): void {
    let node = 1;
    for (let place = count - 1; place >= 0; place -= 1) {
      const bit = (value >>> place) & 1;
      this.bit(base + node, bit);
      node = (node << 1) | bit;
    }
  }

  reverseTree(base: number, count: number, value: number): void {
    let node = 1;
    for (let place = 0; place < count; place += 1) {
      const bit = (value >>> place) & 1;
      this.bit(base + node, bit);
      node = (node << 1) | bit;
    }
  }

  /** Ends the chunk; gives a view of its bytes, good until the next bit, and begins another. */
  flush(): Uint8Array {
    for (let left = 5; left > 0; left -= 1) this.#shift();
    const written = this.#output.subarray(0, this.#length);
    this.#length = 0;
    this.#low = 0;
    this.#range = 0xffffffff;
    this.#cache = 0;
    this.#waiting = 1;
    return written;
  }

  /** A byte leaves when no carry can change it any more. */
  #shift(): void {
    const carries = this.#low >= 0x1_0000_0000;
    if (carries || this.#low < 0xff00_0000) {
      const carry = carries ? 1 : 0;
      let byte = this.#cache;
      for (; this.#waiting > 0; this.#waiting -= 1) {
        this.#output[this.#length] = byte + carry;
        this.#length += 1;
        byte = 0xff;
      }
      this.#cache = (this.#low >>> 24) & 0xff;
    }
    this.#waiting += 1;
    this.#low = (this.#low & 0x00ff_ffff) * 256;
  }
}
