/** The order of keys: that of their UTF-8 bytes, which is not that of JavaScript's strings beyond U+FFFF. */

/** Negative, zero or positive, as for `sort`. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    // Halves of pairs stand for code points above all others.
    if (x !== y) return fixUp(x) - fixUp(y);
  }
  return a.length - b.length;
}

function fixUp(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Whether each is behind the one before. */
export function isAscending(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at++) if (compareUtf8(keys[at - 1] ?? "", keys[at] ?? "") >= 0) return false;
  return true;
}
