/** LZMA: literals and matches of a window into one LZMA2 chunk after the other. */
import { type Choice, Chooser } from "./choose-match.ts";
import {
  afterLiteral,
  afterMatch,
  afterRep,
  lengths,
  longestMatch,
  offsets,
  probabilityCount,
  probabilityInit,
  shortestMatch,
} from "./lzma-model.ts";
import { MatchFinder } from "./match-finder.ts";
import { RangeEncoder } from "./range-encoder.ts";

/** What `xz` writes, too: three bits of the byte before (3), two of the position (2 times 45). */
export const propertiesByte = 93;
const lc = 3;
const positionMask = 3;
/** What one choice makes at the most, and the end of a chunk. */
const headroom = 64;
const mostPacked = 65_536;
const mostPlain = 2 * 1024 * 1024;

export interface EncoderSettings {
  /** A power of two. */
  readonly dictionary: number;
  readonly depth: number;
  readonly nice: number;
}

export class LzmaEncoder {
  readonly finder: MatchFinder;
  readonly #chooser: Chooser;
  readonly #probabilities = new Uint16Array(probabilityCount(lc)).fill(probabilityInit);
  readonly #range = new RangeEncoder(new Uint8Array(mostPacked + headroom), this.#probabilities);
  readonly #reps = new Uint32Array(4);
  #state = 0;
  /** Bytes of the chunk so far. */
  #plain = 0;
  #position = 0;
  /** Bytes in all. */
  #coded = 0;

  constructor({ dictionary, depth, nice }: EncoderSettings) {
    this.finder = new MatchFinder(dictionary, depth, nice);
    this.#chooser = new Chooser(this.finder, this.#reps, nice);
  }

  /** Bytes that are in the chunk. */
  get plain(): number {
    return this.#plain;
  }

  /** Codes until the chunk is full, `limit` bytes were coded (`"paused"`), or not more than `reserve` bytes are ahead (`"dry"`). */
  encode(reserve: number, limit: number): "full" | "paused" | "dry" {
    const range = this.#range;
    const until = this.#plain + limit;
    for (;;) {
      if (this.#plain + longestMatch > mostPlain || range.pending + headroom > mostPacked) return "full";
      const ahead = this.finder.total - this.#coded;
      if (ahead <= reserve) return "dry";
      if (this.#plain >= until) return "paused";
      const at = this.finder.end - ahead;
      this.#put(this.#chooser.next(), at);
    }
  }

  /** Ends the chunk: a view of its bytes, good until the next call, and how many it stands for. */
  flush(): { readonly packed: Uint8Array; readonly count: number } {
    const count = this.#plain;
    this.#plain = 0;
    return { packed: this.#range.flush(), count };
  }

  /** A view of the last `count` bytes that were coded; of a chunk that did not become smaller all are here still. */
  last(count: number): Uint8Array {
    const { bytes, end, total } = this.finder;
    const at = end - (total - this.#coded);
    return bytes.subarray(at - count, at);
  }

  /** The coder begins anew, as it must after a chunk that was stored instead. */
  reset(): void {
    this.#probabilities.fill(probabilityInit);
    this.#reps.fill(0);
    this.#state = 0;
  }

  #put({ length, distance, rep }: Choice, at: number): void {
    const range = this.#range;
    const near = this.#position & positionMask;
    const state = this.#state;
    if (distance < 0 && rep < 0) {
      range.bit(offsets.isMatch + state * 16 + near, 0);
      this.#literal(at);
    } else {
      range.bit(offsets.isMatch + state * 16 + near, 1);
      range.bit(offsets.isRep + state, rep < 0 ? 0 : 1);
      if (rep < 0) this.#match(length, distance, near);
      else this.#rep(length, rep, near);
    }
    this.#plain += length;
    this.#coded += length;
    this.#position = (this.#position + length) & 0xf;
  }

  #literal(at: number): void {
    const { bytes } = this.finder;
    const range = this.#range;
    const before = this.#coded === 0 ? 0 : (bytes[at - 1] ?? 0);
    const base = offsets.literals + (before >> (8 - lc)) * 0x300;
    const symbol = (bytes[at] ?? 0) | 0x100;
    let node = 1;
    let place = 7;
    if (this.#state >= 7) {
      let matched = bytes[at - (this.#reps[0] ?? 0) - 1] ?? 0;
      for (; place >= 0; place -= 1) {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = (symbol >> place) & 1;
        range.bit(base + ((1 + expected) << 8) + node, bit);
        node = (node << 1) | bit;
        if (bit !== expected) {
          place -= 1;
          break;
        }
      }
    }
    for (; place >= 0; place -= 1) {
      const bit = (symbol >> place) & 1;
      range.bit(base + node, bit);
      node = (node << 1) | bit;
    }
    this.#state = afterLiteral[this.#state] ?? 0;
  }

  #match(length: number, distance: number, near: number): void {
    const range = this.#range;
    this.#reps.copyWithin(1, 0, 3);
    this.#reps[0] = distance;
    this.#length(offsets.matchLength, length, near);
    const slot = slotOf(distance);
    range.tree(offsets.slots + Math.min(length - shortestMatch, 3) * 64, 6, slot);
    if (slot >= 4) {
      const count = (slot >> 1) - 1;
      const high = ((2 | (slot & 1)) << count) >>> 0;
      const low = distance - high;
      if (slot < 14) range.reverseTree(offsets.special + high - slot, count, low);
      else {
        range.direct(low >>> 4, count - 4);
        range.reverseTree(offsets.align, 4, low & 0xf);
      }
    }
    this.#state = afterMatch(this.#state);
  }

  #rep(length: number, rep: number, near: number): void {
    const range = this.#range;
    const state = this.#state;
    range.bit(offsets.isRepG0 + state, rep === 0 ? 0 : 1);
    if (rep === 0) range.bit(offsets.isRep0Long + state * 16 + near, 1);
    else {
      range.bit(offsets.isRepG1 + state, rep === 1 ? 0 : 1);
      if (rep > 1) range.bit(offsets.isRepG2 + state, rep - 2);
      const distance = this.#reps[rep] ?? 0;
      this.#reps.copyWithin(1, 0, rep);
      this.#reps[0] = distance;
    }
    this.#length(offsets.repLength, length, near);
    this.#state = afterRep(state);
  }

  #length(base: number, length: number, near: number): void {
    const range = this.#range;
    const rest = length - shortestMatch;
    range.bit(base + lengths.choice, rest < 8 ? 0 : 1);
    if (rest < 8) range.tree(base + lengths.low + near * 8, 3, rest);
    else {
      range.bit(base + lengths.choice2, rest < 16 ? 0 : 1);
      if (rest < 16) range.tree(base + lengths.middle + near * 8, 3, rest - 8);
      else range.tree(base + lengths.high, 8, rest - 16);
    }
  }
}

function slotOf(distance: number): number {
  if (distance < 4) return distance;
  const high = 31 - Math.clz32(distance);
  return high * 2 + ((distance >>> (high - 1)) & 1);
}
