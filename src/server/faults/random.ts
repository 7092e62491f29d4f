/** Chance that can be repeated: the same seed gives the same numbers, on every machine. Not for secrets. */

/** In `[0, 1)`, a new number with each call. */
export type Random = () => number;

/** The numbers of one `stream` of a seed: streams do not disturb each other. (Mulberry32.) */
export function seededRandom(seed: number, stream: number): Random {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul((stream + 1) | 0, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
