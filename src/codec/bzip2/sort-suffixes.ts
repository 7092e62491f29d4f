/**
 * The suffix array of a string in linear time: SA-IS, by Nong, Zhang and Chan. Also of what repeats itself endlessly, where sorting by
 * comparison takes for ever.
 */

import { inSteps, type Steps } from "../turns.ts";

type Symbols = Uint8Array | Int32Array;

/** Where the suffixes of `text` begin, the least first; a suffix is less than one that it begins. Symbols are from 0 to `most`. */
export function* sortSuffixes(text: Symbols, most: number): Steps<Int32Array> {
  const { length } = text;
  const order = new Int32Array(length);
  if (length < 2) return order;
  const isSmall = yield* smallOnes(text);
  const buckets = yield* countSymbols(text, isSmall, most);
  const places = new Int32Array(length + 1).fill(-1);
  const marked = new Int32Array((length >> 1) + 1);
  let count = 0;
  yield* inSteps(length, (from, to) => {
    for (let at = Math.max(1, from); at < to; at += 1) {
      if (isSmall[at] === 0 || isSmall[at - 1] === 1) continue;
      places[at] = count;
      marked[count] = at;
      count += 1;
    }
  });
  const marks = marked.subarray(0, count);
  yield* induce(text, order, isSmall, buckets, marks);
  if (count === 0) return order;
  const { names, distinct } = yield* nameMarked(text, order, marks, places);
  const sorted = yield* sortSuffixes(names, distinct);
  for (let at = 0; at < count; at += 1) sorted[at] = marks[sorted[at] ?? 0] ?? 0;
  yield* induce(text, order, isSmall, buckets, sorted);
  return order;
}

/** 1 where a suffix is less than the next one. */
function* smallOnes(text: Symbols): Steps<Uint8Array> {
  const { length } = text;
  const isSmall = new Uint8Array(length);
  yield* inSteps(length - 1, (from, to) => {
    for (let at = length - 2 - from; at > length - 2 - to; at -= 1) {
      const here = text[at] ?? 0;
      const next = text[at + 1] ?? 0;
      isSmall[at] = here === next ? (isSmall[at + 1] ?? 0) : here < next ? 1 : 0;
    }
  });
  return isSmall;
}

interface Buckets {
  /** By symbol: where its large suffixes begin. */
  readonly large: Int32Array;
  /** By symbol: where its small suffixes begin. */
  readonly small: Int32Array;
}

function* countSymbols(text: Symbols, isSmall: Uint8Array, most: number): Steps<Buckets> {
  const large = new Int32Array(most + 2);
  const small = new Int32Array(most + 2);
  yield* inSteps(text.length, (from, to) => {
    for (let at = from; at < to; at += 1) {
      const symbol = text[at] ?? 0;
      if (isSmall[at] === 1) large[symbol + 1] = (large[symbol + 1] ?? 0) + 1;
      else small[symbol] = (small[symbol] ?? 0) + 1;
    }
  });
  for (let symbol = 0; symbol <= most; symbol += 1) {
    small[symbol] = (small[symbol] ?? 0) + (large[symbol] ?? 0);
    if (symbol < most) large[symbol + 1] = (large[symbol + 1] ?? 0) + (small[symbol] ?? 0);
  }
  return { large, small };
}

/** Puts all suffixes in order, given that of the marked ones. */
function* induce(
  text: Symbols,
  order: Int32Array,
  isSmall: Uint8Array,
  buckets: Buckets,
  marks: Int32Array,
): Steps<void> {
  const { length } = text;
  order.fill(-1);
  const next = buckets.small.slice();
  const put = (at: number): void => {
    const symbol = text[at] ?? 0;
    const place = next[symbol] ?? 0;
    order[place] = at;
    next[symbol] = place + 1;
  };
  yield* inSteps(marks.length, (from, to) => {
    for (let index = from; index < to; index += 1) put(marks[index] ?? 0);
  });
  next.set(buckets.large);
  put(length - 1);
  yield* inSteps(length, (from, to) => {
    for (let place = from; place < to; place += 1) {
      const before = (order[place] ?? 0) - 1;
      if (before >= 0 && isSmall[before] === 0) put(before);
    }
  });
  next.set(buckets.large);
  yield* inSteps(length, (from, to) => {
    for (let place = length - 1 - from; place >= length - to; place -= 1) {
      const before = (order[place] ?? 0) - 1;
      if (before < 0 || isSmall[before] === 0) continue;
      const symbol = (text[before] ?? 0) + 1;
      const last = (next[symbol] ?? 0) - 1;
      next[symbol] = last;
      order[last] = before;
    }
  });
}

/** Gives the parts between marks numbers in their order, equal ones the same. */
function* nameMarked(
  text: Symbols,
  order: Int32Array,
  marks: Int32Array,
  places: Int32Array,
): Steps<{ readonly names: Int32Array; readonly distinct: number }> {
  const { length } = text;
  const names = new Int32Array(marks.length);
  let distinct = -1;
  let before = -1;
  yield* inSteps(length, (from, to) => {
    for (let index = from; index < to; index += 1) {
      const at = order[index] ?? 0;
      const place = places[at] ?? -1;
      if (place === -1) continue;
      if (before === -1 || !isSame(text, before, at, endOf(before), endOf(at))) distinct += 1;
      names[place] = distinct;
      before = at;
    }
  });
  return { names, distinct };

  function endOf(at: number): number {
    return marks[(places[at] ?? 0) + 1] ?? length;
  }
}

function isSame(text: Symbols, first: number, second: number, firstEnd: number, secondEnd: number): boolean {
  const { length } = text;
  if (firstEnd - first !== secondEnd - second) return false;
  let [left, right] = [first, second];
  for (; left < firstEnd; left += 1, right += 1) if (text[left] !== text[right]) return false;
  return left !== length && right !== length && text[left] === text[right];
}
