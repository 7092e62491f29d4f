/** What keeps a small hostile pickle from filling memory or time: everything it makes is counted as it is made. */
import { PickleFault } from "./fault.ts";

export interface PickleLimits {
  /**
   * Memory in bytes that the value may take, as estimated: 8 for each place, some 32 for a text or array and its contents, some 200
   * for a dict or set; arrays that are copied count, too. Default 2 GiB.
   */
  readonly maxBytes?: number | undefined;
  /** How deep lists, tuples, dicts, sets and objects may lie in one another. Default 1,000, where Python itself ends. */
  readonly maxDepth?: number | undefined;
}

/** Digits of a whole number in text, and bytes of one in binary: beyond that reading it takes long. */
export const maxDigits = 20_000;
export const maxIntBytes: number = 1024 * 1024;

/** Sizes that memory is counted in. */
export const placeBytes = 8;
export const textBytes = 32;
export const listBytes = 40;
export const dictBytes = 200;

export class Budget {
  readonly maxDepth: number;
  readonly #maxBytes: number;
  #left: number;
  /** Containers made: with fewer than `maxDepth` of them nothing lies too deep. */
  containers = 0;

  /** RangeError for limits that are no positive numbers. */
  constructor({ maxBytes = 2 * 1024 ** 3, maxDepth = 1_000 }: PickleLimits = {}) {
    if (!(maxBytes >= 0)) throw new RangeError(`maxBytes is at least 0, not ${maxBytes}`);
    if (!(maxDepth >= 1)) throw new RangeError(`maxDepth is at least 1, not ${maxDepth}`);
    this.maxDepth = maxDepth;
    this.#maxBytes = maxBytes;
    this.#left = maxBytes;
  }

  /** Counts memory, or work in bytes. Fault: limit-exceeded. */
  spend(bytes: number): void {
    this.#left -= bytes;
    if (!(this.#left >= 0))
      throw new PickleFault(
        "limit-exceeded",
        `the pickle makes more than ${this.#maxBytes} bytes`,
        "if you trust it, raise limits.maxBytes",
      );
  }

  /** Counts a list, tuple, dict, set or object of `places` places. */
  container(bytes: number): void {
    this.containers++;
    this.spend(bytes);
  }
}

/** Fault: the value lies deeper than `maxDepth`. */
export function tooDeep(maxDepth: number): PickleFault {
  return new PickleFault(
    "limit-exceeded",
    `the pickle holds values more than ${maxDepth} deep in one another`,
    "if you trust it and what you do with it goes that deep, raise limits.maxDepth",
  );
}
