/**
 * The suffix array of a string in linear time: SA-IS, by Nong, Zhang and Chan. Also of what repeats itself endlessly, where sorting by
 * comparison takes for ever.
 */

type Symbols = Uint8Array | Int32Array;

/** Where the suffixes of `text` begin, the least first; a suffix is less than one that it begins. Symbols are from 0 to `most`. */
export function sortSuffixes(text: Symbols, most: number): Int32Array {
  const { length } = text;
  const order = new Int32Array(length);
  if (length < 2) return order;
  const isSmall = smallOnes(text);
  const buckets = countSymbols(text, isSmall, most);
  const places = new Int32Array(length + 1).fill(-1);
  const marked = new Int32Array((length >> 1) + 1);
  let count = 0;
  for (let at = 1; at < length; at += 1) {
    if (isSmall[at] === 1 && isSmall[at - 1] === 0) {
      places[at] = count;
      marked[count] = at;
      count += 1;
    }
  }
  const marks = marked.subarray(0, count);
  induce(text, order, isSmall, buckets, marks);
  if (count === 0) return order;
  const { names, distinct } = nameMarked(text, order, marks, places);
  const sorted = sortSuffixes(names, distinct);
  for (let at = 0; at < count; at += 1) sorted[at] = marks[sorted[at] ?? 0] ?? 0;
  induce(text, order, isSmall, buckets, sorted);
  return order;
}

/** 1 where a suffix is less than the next one. */
function smallOnes(text: Symbols): Uint8Array {
  const isSmall = new Uint8Array(text.length);
  for (let at = text.length - 2; at >= 0; at -= 1) {
    const here = text[at] ?? 0;
    const next = text[at + 1] ?? 0;
    isSmall[at] = here === next ? (isSmall[at + 1] ?? 0) : here < next ? 1 : 0;
  }
  return isSmall;
}

interface Buckets {
  /** By symbol: where its large suffixes begin. */
  readonly large: Int32Array;
  /** By symbol: where its small suffixes begin. */
  readonly small: Int32Array;
}

function countSymbols(text: Symbols, isSmall: Uint8Array, most: number): Buckets {
  const large = new Int32Array(most + 2);
  const small = new Int32Array(most + 2);
  for (let at = 0; at < text.length; at += 1) {
    const symbol = text[at] ?? 0;
    if (isSmall[at] === 1) large[symbol + 1] = (large[symbol + 1] ?? 0) + 1;
    else small[symbol] = (small[symbol] ?? 0) + 1;
  }
  for (let symbol = 0; symbol <= most; symbol += 1) {
    small[symbol] = (small[symbol] ?? 0) + (large[symbol] ?? 0);
    if (symbol < most) large[symbol + 1] = (large[symbol + 1] ?? 0) + (small[symbol] ?? 0);
  }
  return { large, small };
}

/** Puts all suffixes in order, given that of the marked ones. */
function induce(text: Symbols, order: Int32Array, isSmall: Uint8Array, buckets: Buckets, marks: Int32Array): void {
  const { length } = text;
  order.fill(-1);
  const next = buckets.small.slice();
  const put = (at: number): void => {
    const symbol = text[at] ?? 0;
    const place = next[symbol] ?? 0;
    order[place] = at;
    next[symbol] = place + 1;
  };
  for (let index = 0; index < marks.length; index += 1) put(marks[index] ?? 0);
  next.set(buckets.large);
  put(length - 1);
  for (let place = 0; place < length; place += 1) {
    const before = (order[place] ?? 0) - 1;
    if (before >= 0 && isSmall[before] === 0) put(before);
  }
  next.set(buckets.large);
  for (let place = length - 1; place >= 0; place -= 1) {
    const before = (order[place] ?? 0) - 1;
    if (before < 0 || isSmall[before] === 0) continue;
    const symbol = (text[before] ?? 0) + 1;
    const last = (next[symbol] ?? 0) - 1;
    next[symbol] = last;
    order[last] = before;
  }
}

/** Gives the parts between marks numbers in their order, equal ones the same. */
function nameMarked(
  text: Symbols,
  order: Int32Array,
  marks: Int32Array,
  places: Int32Array,
): { readonly names: Int32Array; readonly distinct: number } {
  const { length } = text;
  const names = new Int32Array(marks.length);
  let distinct = -1;
  let before = -1;
  for (let index = 0; index < length; index += 1) {
    const at = order[index] ?? 0;
    const place = places[at] ?? -1;
    if (place === -1) continue;
    if (before === -1 || !isSame(text, before, at, endOf(before), endOf(at))) distinct += 1;
    names[place] = distinct;
    before = at;
  }
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
