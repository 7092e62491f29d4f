/**
 * Byte ranges on the wire: how one is asked for, and what a server says it sent.
 */
import type { ByteRange, ResolvedRange } from "../object-store.ts";

/** Whether the range holds no byte of any object: HTTP cannot ask for that. */
export function isEmptyRange(range: ByteRange): boolean {
  return range.suffix === undefined ? range.start === range.end : range.suffix === 0;
}

/** The value of a `Range` header; not for an empty range. */
export function formatRange(range: ByteRange): string {
  if (range.suffix !== undefined) return `bytes=-${range.suffix}`;
  return range.end === undefined ? `bytes=${range.start}-` : `bytes=${range.start}-${range.end - 1}`;
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
