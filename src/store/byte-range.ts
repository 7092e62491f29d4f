/** What a range means once the size is known: the same on every backend. */
import { EntrepotError, type Hint, mistakeIn, shownValue } from "../error/index.ts";
import type { ByteRange, ResolvedRange } from "./object-store.ts";

const names: ReadonlySet<string> = new Set(["start", "end", "suffix"]);
const hint: Hint = (name) => (name === "length" ? "did you mean end?" : undefined);

/**
 * Throws a RangeError for what no object could satisfy: negative, fractional or reversed bounds; a TypeError for what is neither
 * `{ start, end }` nor `{ suffix }`.
 */
export function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  if (typeof range !== "object" || range === null || Array.isArray(range))
    throw new TypeError(`a range is { start, end } or { suffix }, not ${shownValue(range)}`);
  const mistake = mistakeIn("a range", range, names, hint);
  if (mistake !== undefined) throw mistake;
  if (range.suffix !== undefined && (range.start !== undefined || range.end !== undefined))
    throw new TypeError("a range is { start, end } or { suffix }, not both");
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
    const Mistake = typeof value === "number" ? RangeError : TypeError;
    throw new Mistake(`The range's ${name} is ${shownValue(value)}; give a whole number of bytes, 0 or more`);
  }
}
