/**
 * What is coded next: a literal, a match, or one of the last four distances again. One place is looked ahead, as liblzma's fast mode
 * does; prices are not computed.
 */
import { longestMatch } from "./lzma-model.ts";
import type { MatchFinder } from "./match-finder.ts";

/** `distance` less one, for a match; `rep`, which of the recent distances; neither for a literal. */
export interface Choice {
  length: number;
  distance: number;
  rep: number;
}

/** Whether a distance is so much farther that a byte more does not pay. */
const muchFarther = (near: number, far: number): boolean => near < far >>> 7;

export class Chooser {
  readonly choice: Choice = { length: 1, distance: -1, rep: -1 };
  readonly #finder: MatchFinder;
  readonly #reps: Uint32Array;
  readonly #nice: number;
  /** The place after the current one was looked at already: how many matches it has. */
  #known = -1;
  #repLength = 0;

  constructor(finder: MatchFinder, reps: Uint32Array, nice: number) {
    this.#finder = finder;
    this.#reps = reps;
    this.#nice = nice;
  }

  /** Decides, and goes beyond what was chosen. At least one byte is ahead. */
  next(): Choice {
    const finder = this.#finder;
    let count = this.#known;
    if (count < 0) count = finder.find();
    this.#known = -1;
    const at = finder.at - 1;
    const ahead = finder.end - at;
    if (ahead < 2) return this.#literal();
    const rep = this.#bestRep(at, ahead);
    const repLength = this.#repLength;
    if (repLength >= this.#nice) return this.#chosen(repLength, -1, rep);
    let length = count === 0 ? 0 : (finder.lengths[count - 1] ?? 0);
    let distance = count === 0 ? -1 : (finder.distances[count - 1] ?? 0);
    if (length >= this.#nice) return this.#chosen(length, distance, -1);
    for (let left = count; left > 1 && length === (finder.lengths[left - 2] ?? 0) + 1; left -= 1) {
      const nearer = finder.distances[left - 2] ?? 0;
      if (!muchFarther(nearer, distance)) break;
      length -= 1;
      distance = nearer;
    }
    if (length === 2 && distance >= 0x80) length = 1;
    if (
      repLength >= 2 &&
      (repLength + 1 >= length ||
        (repLength + 2 >= length && distance > 1 << 9) ||
        (repLength + 3 >= length && distance > 1 << 15))
    ) {
      return this.#chosen(repLength, -1, rep);
    }
    if (length < 2 || ahead <= 2) return this.#literal();
    // what the next place has may be better than what this one has
    this.#known = finder.find();
    if (this.#isNextBetter(length, distance) || this.#repAt(at + 1, Math.max(2, length - 1))) {
      return this.#literal();
    }
    this.#known = -1;
    return this.#chosen(length, distance, -1, 1);
  }

  #isNextBetter(length: number, distance: number): boolean {
    const finder = this.#finder;
    if (this.#known === 0) return false;
    const nextLength = finder.lengths[this.#known - 1] ?? 0;
    const nextDistance = finder.distances[this.#known - 1] ?? 0;
    if (nextLength < 2) return false;
    return (
      (nextLength >= length && nextDistance < distance) ||
      (nextLength === length + 1 && !muchFarther(distance, nextDistance)) ||
      nextLength > length + 1 ||
      (nextLength + 1 >= length && length >= 3 && muchFarther(nextDistance, distance))
    );
  }

  #bestRep(at: number, ahead: number): number {
    const { bytes } = this.#finder;
    const most = Math.min(ahead, longestMatch);
    let best = -1;
    this.#repLength = 0;
    for (let rep = 0; rep < 4; rep += 1) {
      const from = at - (this.#reps[rep] ?? 0) - 1;
      if (from < 0) continue;
      let length = 0;
      while (length < most && bytes[from + length] === bytes[at + length]) length += 1;
      if (length >= 2 && length > this.#repLength) {
        best = rep;
        this.#repLength = length;
      }
    }
    return best;
  }

  /** Whether one of the recent distances matches `length` bytes there. */
  #repAt(at: number, length: number): boolean {
    const { bytes, end } = this.#finder;
    if (end - at < length) return false;
    for (let rep = 0; rep < 4; rep += 1) {
      const from = at - (this.#reps[rep] ?? 0) - 1;
      if (from < 0) continue;
      let same = 0;
      while (same < length && bytes[from + same] === bytes[at + same]) same += 1;
      if (same === length) return true;
    }
    return false;
  }

  #literal(): Choice {
    return Object.assign(this.choice, { length: 1, distance: -1, rep: -1 });
  }

  #chosen(length: number, distance: number, rep: number, passed = 0): Choice {
    this.#finder.skip(length - 1 - passed);
    return Object.assign(this.choice, { length, distance, rep });
  }
}
