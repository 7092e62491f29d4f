/** Which bytes of an object are there and which are not. Pure. */

/** Half open. */
export type Range = readonly [start: number, end: number];

/** In order and without overlaps; what lies beyond `sizeBytes` is left out. */
export function mergedRanges(ranges: readonly Range[], sizeBytes: number = Number.POSITIVE_INFINITY): readonly Range[] {
  const merged: [number, number][] = [];
  const known = ranges.filter(([start, end]) => start < end && end <= sizeBytes);
  for (const [start, end] of [...known].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** What is not in them. */
export function missingRanges(ranges: readonly Range[], sizeBytes: number): readonly Range[] {
  const missing: Range[] = [];
  let position = 0;
  for (const [start, end] of mergedRanges(ranges, sizeBytes)) {
    if (start > position) missing.push([position, start]);
    position = end;
  }
  if (position < sizeBytes) missing.push([position, sizeBytes]);
  return missing;
}

/** So much more of a run is worth a line, bytes. */
const lineBytes = 1024 * 1024;

/** Watches pieces arrive, several runs side by side, and tells of stretches that are whole. */
export class RunWatch {
  readonly #tell: (start: number, end: number) => void;
  /** By their end: where what was not told yet begins. */
  readonly #runs = new Map<number, number>();

  constructor(tell: (start: number, end: number) => void) {
    this.#tell = tell;
  }

  /** This piece is at its place. */
  add(start: number, end: number): void {
    const from = this.#runs.get(start) ?? start;
    this.#runs.delete(start);
    if (end - from < lineBytes) {
      this.#runs.set(end, from);
      return;
    }
    this.#tell(from, end);
    this.#runs.set(end, end);
  }

  /** Tells what it has not told. */
  end(): void {
    for (const [end, from] of this.#runs) if (from < end) this.#tell(from, end);
    this.#runs.clear();
  }
}
