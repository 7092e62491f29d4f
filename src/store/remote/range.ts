/**
 * Byte ranges: what a caller asks for, how it is written in a request, and what a server says it sent.
 */
import type { ByteRange, ResolvedRange } from "../object-store.ts";

/** Error: RangeError for what no object could satisfy. */
export function checkRange(range: ByteRange): void {
  const { start, end, suffix } = range;
  if (suffix !== undefined) {
    if (!Number.isSafeInteger(suffix) || suffix < 0)
      throw new RangeError(`the suffix ${suffix} is not a number of bytes`);
    return;
  }
  if (!Number.isSafeInteger(start) || start < 0) throw new RangeError(`the start ${start} is not a position`);
  if (end === undefined) return;
  if (!Number.isSafeInteger(end) || end < start)
    throw new RangeError(`the end ${end} is not at or behind the start ${start}`);
}

/** Whether the range holds no byte of any object: HTTP cannot ask for that. */
export function isEmptyRange(range: ByteRange): boolean {
  return range.suffix === undefined ? range.start === range.end : range.suffix === 0;
}

/** The value of a `Range` header; not for an empty range. */
export function formatRange(range: ByteRange): string {
  if (range.suffix !== undefined) return `bytes=-${range.suffix}`;
  return range.end === undefined ? `bytes=${range.start}-` : `bytes=${range.start}-${range.end - 1}`;
}

/** The range in an object of this size; `undefined` when it starts beyond the end. */
export function resolveRange(range: ByteRange | undefined, sizeBytes: number): ResolvedRange | undefined {
  if (range === undefined) return { start: 0, end: sizeBytes };
  if (range.suffix !== undefined) return { start: Math.max(0, sizeBytes - range.suffix), end: sizeBytes };
  if (range.start > sizeBytes) return undefined;
  return { start: range.start, end: Math.min(range.end ?? sizeBytes, sizeBytes) };
}

/** What a 206 holds: `[start, end)` of `sizeBytes`. */
export interface ContentRange extends ResolvedRange {
  readonly sizeBytes: number;
}

/** Reads `Content-Range: bytes 0-9/100`; `undefined` for anything else, an unknown size included. */
export function parseContentRange(text: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(text ?? "");
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = Number(match[2]) + 1;
  const sizeBytes = Number(match[3]);
  return start < end && end <= sizeBytes && Number.isSafeInteger(sizeBytes) ? { start, end, sizeBytes } : undefined;
}
