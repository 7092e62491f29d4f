/**
 * Keys in the order of their UTF-8 bytes, which is not the order of JavaScript strings: an emoji is two surrogates
 * in UTF-16, below U+E000 there and above it here.
 */

/** Negative, zero or positive, like the bytes of their UTF-8 forms. */
export function compareKeys(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Lifts surrogates above the rest of the basic plane. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The least index, of those from `start`, of sorted items for which `isAfter` holds; their number when it never does. */
export function firstIndex<T>(items: readonly T[], isAfter: (item: T) => boolean, start = 0): number {
  let low = start;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
