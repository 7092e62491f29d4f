/**
 * Turns many wanted ranges into few requests: neighbours are fetched together and cut apart again. Pure.
 */
import { EntrepotError } from "../error/index.ts";
import type { ByteRange, Bytes } from "../store/index.ts";

/** Ranges closer than this are fetched as one, bytes: a request costs more than these bytes. */
const mergeGapBytes = 32 * 1024;

/** What to span, and how to get the wanted pieces out of it. */
export interface RangePlan {
  readonly fetches: readonly ByteRange[];
  /** Pieces in the order in which they were asked for, from the fetched bytes in the order of `fetches`. */
  cut(fetched: readonly Bytes[]): Bytes[];
}

/**
 * `sizeBytes` is needed when a range is open at its end or counts from the end, unless it is the only one. A start beyond the
 * size stays in the plan, so that the store says `invalid-range`.
 */
export function mergeRanges(ranges: readonly ByteRange[], sizeBytes: number | undefined): RangePlan {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined)
    return { fetches: [only], cut: ([bytes]) => (bytes === undefined ? [] : [bytes]) };
  const wanted = ranges.map((range) => resolve(range, sizeBytes));
  const order = wanted.map((_, index) => index).sort((a, b) => startOf(wanted, a) - startOf(wanted, b));
  const fetches: { start: number; end: number }[] = [];
  const home: number[] = [];
  for (const index of order) {
    const { start, end } = wanted[index] as { start: number; end: number };
    const last = fetches.at(-1);
    if (last !== undefined && start <= last.end + mergeGapBytes) last.end = Math.max(last.end, end);
    else fetches.push({ start, end });
    home[index] = fetches.length - 1;
  }
  return {
    fetches,
    cut: (fetched) => wanted.map((range, index) => piece(range, fetches[home[index] ?? 0], fetched[home[index] ?? 0])),
  };
}

type Span = { readonly start: number; readonly end: number };

/** A span ends early only where the object does, so what lies behind its last byte lies behind the object. */
function piece({ start, end }: Span, span: Span | undefined, bytes: Bytes | undefined): Bytes {
  if (span === undefined || bytes === undefined) return new Uint8Array(0);
  if (start > span.start + bytes.byteLength)
    throw new EntrepotError("invalid-range", `a range starts at ${start}, beyond the end of the object`);
  return bytes.slice(start - span.start, end - span.start);
}

function startOf(wanted: readonly { readonly start: number }[], index: number): number {
  return wanted[index]?.start ?? 0;
}

function resolve(range: ByteRange, sizeBytes: number | undefined): { readonly start: number; readonly end: number } {
  const size = sizeBytes ?? Number.MAX_SAFE_INTEGER;
  if (range.suffix !== undefined) return { start: Math.max(0, size - range.suffix), end: size };
  return { start: range.start, end: Math.max(range.start, Math.min(range.end ?? size, size)) };
}
