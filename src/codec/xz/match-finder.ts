/**
 * Finds what occurred before: chains of places with the same hash of four bytes, and the last place for two and for three. Holds a
 * window of the input that slides; places are counted from the start of the block.
 */
import { longestMatch } from "./lzma-model.ts";

const smallHash = 1 << 10;
const middleHash = 1 << 16;

export class MatchFinder {
  /** The lengths found last, rising, and how far back each lies, less one. */
  readonly lengths: Int32Array = new Int32Array(longestMatch + 1);
  readonly distances: Int32Array = new Int32Array(longestMatch + 1);
  bytes: Uint8Array;
  /** Index into `bytes` of the place that is looked at next. */
  at = 0;
  /** Index of the end of the input so far. */
  end = 0;
  /** Bytes that came, in all. */
  total = 0;
  readonly #dictionary: number;
  readonly #depth: number;
  readonly #nice: number;
  readonly #two = new Int32Array(smallHash).fill(-1);
  readonly #three = new Int32Array(middleHash).fill(-1);
  readonly #four: Int32Array;
  readonly #chain: Int32Array;
  readonly #shift: number;
  /** The place of `bytes[0]`. */
  #base = 0;

  /** `dictionary`, a power of two: how far back is looked. `depth`: how many places of a chain. `nice`: a length that is good enough. */
  constructor(dictionary: number, depth: number, nice: number) {
    this.#dictionary = dictionary;
    this.#depth = depth;
    this.#nice = nice;
    this.bytes = new Uint8Array(dictionary * 2);
    const bits = Math.min(20, Math.max(14, 31 - Math.clz32(dictionary)));
    this.#shift = 32 - bits;
    this.#four = new Int32Array(1 << bits).fill(-1);
    this.#chain = new Int32Array(dictionary);
  }

  /** Takes as much input as there is room for; gives how much. */
  add(chunk: Uint8Array, start: number): number {
    if (this.end === this.bytes.length) this.#slide();
    const count = Math.min(chunk.length - start, this.bytes.length - this.end);
    this.bytes.set(chunk.subarray(start, start + count), this.end);
    this.end += count;
    this.total += count;
    return count;
  }

  /** What no match can reach any more goes. */
  #slide(): void {
    const from = Math.max(0, this.at - this.#dictionary);
    this.bytes.copyWithin(0, from, this.end);
    this.at -= from;
    this.end -= from;
    this.#base += from;
  }

  /** Looks at the next place and goes beyond it; gives the number of matches. */
  find(): number {
    const { bytes, at } = this;
    const most = Math.min(this.end - at, longestMatch);
    if (most < 4) {
      this.at += 1;
      return 0;
    }
    const place = at + this.#base;
    const least = place - this.#dictionary;
    const [first = 0, second = 0, third = 0, fourth = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    const two = ((first * 4) ^ second) & (smallHash - 1);
    const three = ((first << 8) ^ (second << 4) ^ (third * 11)) & (middleHash - 1);
    const four = this.#hash(first, second, third, fourth);
    const lastTwo = this.#two[two] ?? -1;
    const lastThree = this.#three[three] ?? -1;
    let candidate = this.#four[four] ?? -1;
    this.#two[two] = place;
    this.#three[three] = place;
    this.#four[four] = place;
    this.#chain[place & (this.#dictionary - 1)] = candidate;
    this.at += 1;
    let count = 0;
    let longest = 1;
    if (lastTwo >= 0 && lastTwo > least) {
      const index = lastTwo - this.#base;
      if (bytes[index] === first && bytes[index + 1] === second) {
        longest = this.#lengthOf(index, at, most);
        this.lengths[0] = longest;
        this.distances[0] = place - lastTwo - 1;
        count = 1;
      }
    }
    if (lastThree >= 0 && lastThree > least && lastThree !== lastTwo && longest < most) {
      const length = this.#lengthOf(lastThree - this.#base, at, most);
      if (length >= 3 && length > longest) {
        longest = length;
        this.lengths[count] = length;
        this.distances[count] = place - lastThree - 1;
        count += 1;
      }
    }
    for (let tries = this.#depth; tries > 0 && candidate >= 0 && candidate > least && longest < most; tries -= 1) {
      const index = candidate - this.#base;
      if (bytes[index + longest] === bytes[at + longest]) {
        const length = this.#lengthOf(index, at, most);
        if (length > longest) {
          longest = length;
          this.lengths[count] = length;
          this.distances[count] = place - candidate - 1;
          count += 1;
          if (length >= this.#nice) break;
        }
      }
      candidate = this.#chain[candidate & (this.#dictionary - 1)] ?? -1;
    }
    return count;
  }

  /** Goes beyond so many places, which are known then. */
  skip(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const { bytes, at } = this;
      this.at += 1;
      if (this.end - at < 4) continue;
      const place = at + this.#base;
      const [first = 0, second = 0, third = 0, fourth = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
      const four = this.#hash(first, second, third, fourth);
      this.#two[((first * 4) ^ second) & (smallHash - 1)] = place;
      this.#three[((first << 8) ^ (second << 4) ^ (third * 11)) & (middleHash - 1)] = place;
      this.#chain[place & (this.#dictionary - 1)] = this.#four[four] ?? -1;
      this.#four[four] = place;
    }
  }

  #hash(first: number, second: number, third: number, fourth: number): number {
    return Math.imul(first | (second << 8) | (third << 16) | (fourth << 24), 0x9e3779b1) >>> this.#shift;
  }

  #lengthOf(index: number, at: number, most: number): number {
    const { bytes } = this;
    let length = 0;
    while (length < most && bytes[index + length] === bytes[at + length]) length += 1;
    return length;
  }
}
