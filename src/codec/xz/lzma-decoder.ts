/** LZMA: literals and matches out of one LZMA2 chunk into the dictionary. Keeps its state from chunk to chunk. */
import { CodecFault } from "../codec-fault.ts";
import type { Dictionary } from "./dictionary.ts";
import {
  afterLiteral,
  afterMatch,
  afterRep,
  afterShortRep,
  type LzmaProperties,
  lengths,
  offsets,
  probabilityCount,
  probabilityInit,
  shortestMatch,
} from "./lzma-model.ts";
import { RangeDecoder } from "./range-decoder.ts";

/** What marks an end where nothing else says it; in LZMA2 it is a match from before the start. */
const endDistance = 2 ** 32;

export class LzmaDecoder {
  readonly #dictionary: Dictionary;
  readonly #properties: LzmaProperties;
  readonly #probabilities: Uint16Array;
  #state = 0;
  readonly #reps = new Uint32Array(4);
  /** Since the last reset of the dictionary; only its low bits count. */
  #position = 0;

  constructor(dictionary: Dictionary, properties: LzmaProperties) {
    this.#dictionary = dictionary;
    this.#properties = properties;
    this.#probabilities = new Uint16Array(probabilityCount(properties.lc + properties.lp)).fill(probabilityInit);
  }

  get properties(): LzmaProperties {
    return this.#properties;
  }

  reset(): void {
    this.#probabilities.fill(probabilityInit);
    this.#state = 0;
    this.#reps.fill(0);
  }

  /** Where the position is counted from: `count` bytes came since the dictionary was reset. */
  moveTo(count: number): void {
    this.#position = count & 0xf;
  }

  /** Decodes exactly `count` bytes. Fault: malformed. */
  decode(chunk: Uint8Array, count: number): void {
    const range = new RangeDecoder(chunk, this.#probabilities);
    const end = this.#dictionary.at + count;
    if (this.run(range, end, end)) throw new CodecFault("malformed", "a match from before the start");
    if (!range.isAtEnd) throw new CodecFault("malformed", "a chunk whose end is not where it says");
  }

  get probabilities(): Uint16Array {
    return this.#probabilities;
  }

  /**
   * Decodes up to `enough` at least, as far as the input is there, and never beyond `end`: places in the dictionary, which has room for
   * `longestMatch` more. Tells whether the mark of an end was there. Fault: malformed.
   */
  run(range: RangeDecoder, enough: number, end: number): boolean {
    const dictionary = this.#dictionary;
    const { bytes, reach, size, at: start } = dictionary;
    const positionMask = (1 << this.#properties.pb) - 1;
    const offset = this.#position - start;
    let isEnd = false;
    while (dictionary.at < enough && !range.isBeyond) {
      const at = dictionary.at;
      const near = (at + offset) & positionMask;
      const state = this.#state;
      if (range.bit(offsets.isMatch + state * 16 + near) === 0) {
        if (at === end) throw new CodecFault("malformed", "a byte beyond the end");
        this.#literal(range, at + offset, Math.min(size, reach + at - start));
        continue;
      }
      const length = this.#match(range, near);
      const distance = (this.#reps[0] ?? 0) + 1;
      isEnd = distance === endDistance;
      if (isEnd) break;
      if (distance > Math.min(size, reach + at - start))
        throw new CodecFault("malformed", "a match from before the start");
      if (at + length > end) throw new CodecFault("malformed", "a match beyond the end of its chunk");
      if (distance >= length) bytes.copyWithin(at, at - distance, at - distance + length);
      else for (let to = at; to < at + length; to += 1) bytes[to] = bytes[to - distance] ?? 0;
      dictionary.at = at + length;
    }
    this.#position = (dictionary.at + offset) & 0xf;
    return isEnd;
  }

  #literal(range: RangeDecoder, position: number, reach: number): void {
    const { lc, lp } = this.#properties;
    const { bytes, at } = this.#dictionary;
    const before = reach === 0 ? 0 : (bytes[at - 1] ?? 0);
    const coder = ((position & ((1 << lp) - 1)) << lc) + (before >> (8 - lc));
    const base = offsets.literals + coder * 0x300;
    let node = 1;
    if (this.#state >= 7) {
      let matched = bytes[at - (this.#reps[0] ?? 0) - 1] ?? 0;
      while (node < 0x100) {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = range.bit(base + ((1 + expected) << 8) + node);
        node = (node << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (node < 0x100) node = (node << 1) | range.bit(base + node);
    bytes[at] = node & 0xff;
    this.#dictionary.at = at + 1;
    this.#state = afterLiteral[this.#state] ?? 0;
  }

  /** Gives the length and leaves the distance, less one, in the first of the recent ones. */
  #match(range: RangeDecoder, near: number): number {
    const state = this.#state;
    const reps = this.#reps;
    if (range.bit(offsets.isRep + state) === 0) {
      reps.copyWithin(1, 0, 3);
      const length = this.#length(range, offsets.matchLength, near);
      reps[0] = this.#distance(range, length);
      this.#state = afterMatch(state);
      return length;
    }
    if (range.bit(offsets.isRepG0 + state) === 0) {
      if (range.bit(offsets.isRep0Long + state * 16 + near) === 0) {
        this.#state = afterShortRep(state);
        return 1;
      }
    } else {
      const place = range.bit(offsets.isRepG1 + state) === 0 ? 1 : range.bit(offsets.isRepG2 + state) === 0 ? 2 : 3;
      const distance = reps[place] ?? 0;
      reps.copyWithin(1, 0, place);
      reps[0] = distance;
    }
    this.#state = afterRep(state);
    return this.#length(range, offsets.repLength, near);
  }

  #length(range: RangeDecoder, base: number, near: number): number {
    if (range.bit(base + lengths.choice) === 0) return shortestMatch + range.tree(base + lengths.low + near * 8, 3);
    if (range.bit(base + lengths.choice2) === 0)
      return shortestMatch + 8 + range.tree(base + lengths.middle + near * 8, 3);
    return shortestMatch + 16 + range.tree(base + lengths.high, 8);
  }

  /** Less one. */
  #distance(range: RangeDecoder, length: number): number {
    const slot = range.tree(offsets.slots + Math.min(length - shortestMatch, 3) * 64, 6);
    if (slot < 4) return slot;
    const count = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) * 2 ** count;
    if (slot < 14) return high + range.reverseTree(offsets.special + high - slot, count);
    return high + range.direct(count - 4) * 16 + range.reverseTree(offsets.align, 4);
  }
}
