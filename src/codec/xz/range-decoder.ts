/** The range decoder: bits out of a chunk that lies in memory. Reading beyond its end gives zeros; `isAtEnd` tells. */
import { CodecFault } from "../codec-fault.ts";

/** More than one symbol ever takes. */
const symbolBytes = 32;

export class RangeDecoder {
  readonly probabilities: Uint16Array;
  #input: Uint8Array;
  /** Where the input is thought to end: with more to come, before what one symbol may take. */
  #end: number;
  #at = 5;
  #range = 0xffffffff;
  #code: number;

  /** Fault: malformed. */
  constructor(input: Uint8Array, probabilities: Uint16Array, isLast = true) {
    if (input.length < 5 || input[0] !== 0) throw new CodecFault("malformed", "a chunk that begins wrong");
    this.#input = input;
    this.#end = isLast ? input.length : input.length - symbolBytes;
    this.probabilities = probabilities;
    this.#code = new DataView(input.buffer, input.byteOffset).getUint32(1);
  }

  /** Whether the whole chunk was read, no byte more, and ended as encoders end it. */
  get isAtEnd(): boolean {
    return this.#at === this.#input.length && this.#code === 0;
  }

  get isBeyond(): boolean {
    return this.#at > this.#end;
  }

  /** Goes on with more input. */
  extend(more: Uint8Array, isLast: boolean): void {
    const rest = this.#input.subarray(this.#at);
    const input = new Uint8Array(rest.length + more.length);
    input.set(rest);
    input.set(more, rest.length);
    this.#input = input;
    this.#at = 0;
    this.#end = isLast ? input.length : input.length - symbolBytes;
  }

  bit(index: number): 0 | 1 {
    const probability = this.probabilities[index] ?? 0;
    const bound = (this.#range >>> 11) * probability;
    let bit: 0 | 1;
    if (this.#code < bound) {
      this.#range = bound;
      this.probabilities[index] = probability + ((2048 - probability) >>> 5);
      bit = 0;
    } else {
      this.#range -= bound;
      this.#code -= bound;
      this.probabilities[index] = probability - (probability >>> 5);
      bit = 1;
    }
    if (this.#range < 0x1000000) this.#shift();
    return bit;
  }

  /** Bits of equal odds. */
  direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      this.#range >>>= 1;
      const isOne = this.#code >= this.#range;
      if (isOne) this.#code -= this.#range;
      value = value * 2 + (isOne ? 1 : 0);
      if (this.#range < 0x1000000) this.#shift();
    }
    return value;
  }

  /** `count` bits through a tree, the highest first. */
  tree(base: number, count: number): number {
    let node = 1;
    for (let left = count; left > 0; left -= 1) node = (node << 1) | this.bit(base + node);
    return node - (1 << count);
  }

  /** `count` bits through a tree, the lowest first. */
  reverseTree(base: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let place = 0; place < count; place += 1) {
      const bit = this.bit(base + node);
      node = (node << 1) | bit;
      value |= bit << place;
    }
    return value;
  }

  #shift(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at] ?? 0)) >>> 0;
    this.#at += 1;
  }
}
