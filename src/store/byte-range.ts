/** What a range means once the size is known: the same on every backend. */
import { EntrepotError } from "../error/index.ts";
import type { ByteRange, ResolvedRange } from "./object-store.ts";

/** Throws a RangeError for what no object could satisfy: negative, fractional or reversed bounds. */
export function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  if (range.suffix !== undefined) {
    checkBound("suffix", range.suffix);
    return;
  }
  checkBound("start", range.start);
  if (range.end === undefined) return;
  checkBound("end", range.end);
  if (range.end < range.start)
    throw new RangeError(`The range ends at ${range.end}, before its start at ${range.start}`);
}

/**
 * The bytes that `range` means of an object of `sizeBytes`. `end` and `suffix` clamp; a start at the size reads nothing,
 * one beyond it is `invalid-range`.
 */
export function resolveRange(range: ByteRange | undefined, sizeBytes: number, uri: string): ResolvedRange {
  checkRange(range);
  if (range === undefined) return { start: 0, end: sizeBytes };
  if (range.suffix !== undefined) return { start: Math.max(0, sizeBytes - range.suffix), end: sizeBytes };
  if (range.start > sizeBytes) {
    const message = `The range starts at ${range.start}, beyond the ${sizeBytes} bytes of ${uri}`;
    throw new EntrepotError("invalid-range", message, { uri, hint: "ask for a start within the object's size" });
  }
  return { start: range.start, end: Math.min(range.end ?? sizeBytes, sizeBytes) };
}

function checkBound(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`The range's ${name} is ${value}; give a whole number of bytes, 0 or more`);
  }
}
