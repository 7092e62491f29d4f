/** The Burrows-Wheeler transform: the last bytes of all rotations of a block, in the order of the rotations. */
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
export function sortRotations(block: Uint8Array): Transformed {
  const { length } = block;
  const turn = leastRotation(block);
  const turned = new Uint8Array(length);
  turned.set(block.subarray(turn));
  turned.set(block.subarray(0, turn), length - turn);
  const order = sortSuffixes(turned, 255);
  const lasts = new Uint8Array(length);
  const start = turn === 0 ? 0 : length - turn;
  let origin = 0;
  for (let place = 0; place < length; place += 1) {
    const at = order[place] ?? 0;
    if (at === start) origin = place;
    lasts[place] = turned[at === 0 ? length - 1 : at - 1] ?? 0;
  }
  return { lasts, origin };
}

/** Where the least of all rotations begins; in linear time. */
function leastRotation(block: Uint8Array): number {
  const { length } = block;
  let first = 0;
  let second = 1;
  let same = 0;
  while (first < length && second < length && same < length) {
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
