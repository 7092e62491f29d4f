/** What of a range is here in pieces, and what has to be asked for. Pure. */
import type { ByteRange, ResolvedRange } from "../../store/index.ts";
import { pieceBlockBytes } from "./piece.ts";

/** Blocks `[first, first + count)`. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/** What is missing of a range, in bytes of the object: one stretch of whole blocks, in which some may be here. */
export interface Plan {
  readonly missing: ResolvedRange | undefined;
  /** Of the range itself, not counting what is here in between. */
  readonly missingBytes: number;
}

/** `range` lies within the `sizeBytes` of the object. */
export function planRange(range: ResolvedRange, sizeBytes: number, spans: readonly Span[]): Plan {
  if (range.start >= range.end) return { missing: undefined, missingBytes: 0 };
  let at = range.start;
  let missingBytes = 0;
  let first: number | undefined;
  let last = range.start;
  for (const stretch of [...stretchesIn(range, spans), { start: range.end, end: range.end }]) {
    if (at >= range.end) break;
    const gapEnd = Math.min(stretch.start, range.end);
    if (gapEnd > at) {
      missingBytes += gapEnd - at;
      first ??= at;
      last = gapEnd;
    }
    at = Math.max(at, stretch.end);
  }
  if (first === undefined) return { missing: undefined, missingBytes };
  const missing = { start: blockStart(first), end: Math.min(blockEnd(last), sizeBytes) };
  return { missing, missingBytes };
}

/** The request for whole blocks around `range`, of a version whose size may be known (`undefined` where it is not). */
export function wholeBlocks(range: ByteRange, sizeBytes: number | undefined): ByteRange {
  if (range.suffix !== undefined) {
    // Of an unknown end, so many last bytes hold the last block whole.
    if (sizeBytes === undefined) return { suffix: blockEnd(range.suffix) };
    return { suffix: Math.max(range.suffix, sizeBytes - blockStart(Math.max(0, sizeBytes - range.suffix))) };
  }
  const { start, end } = range;
  return end === undefined ? { start: blockStart(start) } : { start: blockStart(start), end: blockEnd(end) };
}

/** Whether a range means no byte of whatever object. */
export function isNothing(range: ByteRange): boolean {
  return range.suffix === undefined ? range.start === range.end : range.suffix === 0;
}

/** There may be thousands elsewhere in the object. */
function stretchesIn({ start, end }: ResolvedRange, spans: readonly Span[]): ResolvedRange[] {
  return spans
    .filter(({ first, count }) => first * pieceBlockBytes < end && (first + count) * pieceBlockBytes > start)
    .map(({ first, count }) => ({ start: first * pieceBlockBytes, end: (first + count) * pieceBlockBytes }))
    .sort((a, b) => a.start - b.start);
}

function blockStart(at: number): number {
  return at - (at % pieceBlockBytes);
}

/** What no number can say exactly is behind the end of every object. */
function blockEnd(at: number): number {
  return Math.min(blockStart(at + pieceBlockBytes - 1), Number.MAX_SAFE_INTEGER);
}
