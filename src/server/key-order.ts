/**
 * Keys in the order of their UTF-8 bytes, which is not the order of JavaScript strings: an emoji is two surrogates
 * in UTF-16, below U+E000 there and above it here.
 */

/** Negative, zero or positive, like the bytes of their UTF-8 forms. */
export function compareKeys(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Lifts surrogates above the rest of the basic plane. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** The least index of the sorted `keys` for which `isAfter` holds; their number when it never does. */
export function firstIndex(keys: readonly string[], isAfter: (key: string) => boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(keys[middle] as string)) high = middle;
    else low = middle + 1;
  }
  return low;
}
