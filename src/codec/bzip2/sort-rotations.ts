/** The Burrows-Wheeler transform: the last bytes of all rotations of a block, in the order of the rotations. */
import { inSteps, type Steps } from "../turns.ts";
import { sortSuffixes } from "./sort-suffixes.ts";

export interface Transformed {
  readonly lasts: Uint8Array;
  /** Which of the rotations is the block itself. */
  readonly origin: number;
}

/**
 * The least rotation comes first: of a block turned by so much, the order of the suffixes is that of the rotations, so that no
 * doubled block has to be sorted.
 */
export function* sortRotations(block: Uint8Array): Steps<Transformed> {
  const { length } = block;
  const turn = yield* leastRotation(block);
  const turned = new Uint8Array(length);
  turned.set(block.subarray(turn));
  turned.set(block.subarray(0, turn), length - turn);
  const order = yield* sortSuffixes(turned, 255);
  const lasts = new Uint8Array(length);
  const start = turn === 0 ? 0 : length - turn;
  let origin = 0;
  yield* inSteps(length, (from, to) => {
    for (let place = from; place < to; place += 1) {
      const at = order[place] ?? 0;
      if (at === start) origin = place;
      lasts[place] = turned[at === 0 ? length - 1 : at - 1] ?? 0;
    }
  });
  return { lasts, origin };
}

/** Where the least of all rotations begins; in linear time. */
function* leastRotation(block: Uint8Array): Steps<number> {
  const { length } = block;
  let first = 0;
  let second = 1;
  let same = 0;
  for (let step = 1; first < length && second < length && same < length; step += 1) {
    if ((step & 0xffff) === 0) yield;
    const left = block[(first + same) % length] ?? 0;
    const right = block[(second + same) % length] ?? 0;
    if (left === right) {
      same += 1;
      continue;
    }
    if (left > right) first = Math.max(first + same + 1, second);
    else second += same + 1;
    if (left > right) second = first + 1;
    same = 0;
  }
  return Math.min(first, second);
}
