/** The keys of a map in their order, sorted when first asked for after a change. */
import { compareKeys } from "../../uri/index.ts";

export interface SortedKeys {
  /** Not changed afterwards: a listing that has begun goes on over what it got. */
  all(): readonly string[];
  /** To be called when a key came or went. */
  forget(): void;
}

export function sortedKeys(map: ReadonlyMap<string, unknown>): SortedKeys {
  let keys: readonly string[] | undefined;
  return {
    all: () => {
      keys ??= [...map.keys()].sort(compareKeys);
      return keys;
    },
    forget: () => {
      keys = undefined;
    },
  };
}

/** The first place in `keys` whose key is not before `key`. */
export function firstNotBefore(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? "", key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
