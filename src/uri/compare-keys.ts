/** The one order of keys: their UTF-8 bytes, as S3 lists them. JavaScript's own order differs above U+FFFF. */

/**
 * Negative, zero or positive as `a` comes before, equals or follows `b` in UTF-8 byte order; for `Array.prototype.sort`.
 * Linear in the common prefix, without allocation.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return weight(left) - weight(right);
  }
  return a.length - b.length;
}

/** Lifts surrogates (which stand for U+10000 and above) over U+E000 to U+FFFF; everything else keeps its place. */
function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
