/** How far a large object is, as the lines of a journal say it. */
import { mergedRanges, type Range } from "../ranges.ts";
import type { LineRecord } from "./sealed-lines.ts";

/** Objects of this size are worth a journal of their own, bytes. */
export const largeBytes: number = 64 * 1024 * 1024;

export interface LargeState {
  readonly target: string;
  /** What names its upload in parts, in the store's own words. */
  readonly upload: string | undefined;
  /** The file beside the target that is being filled. */
  readonly file: string | undefined;
  /** Byte ranges that are in the file, in order. */
  readonly got: readonly Range[];
}

/** Takes one line in. `trusted`: what was written to files when it was added is still there. */
export function readLarge(states: Map<number, LargeState>, line: LineRecord, trusted: boolean): void {
  const { did, large, target, upload, file, got, over } = line;
  if (typeof did === "number") states.delete(did);
  if (typeof large !== "number") return;
  if (over === true) {
    states.delete(large);
    return;
  }
  const known = states.get(large) ?? { target: String(target), upload: undefined, file: undefined, got: [] };
  if (typeof upload === "string") states.set(large, { ...known, upload });
  // Another file has nothing of what the one before had.
  else if (typeof file === "string") states.set(large, { ...known, file, got: file === known.file ? known.got : [] });
  else if (isRange(got) && trusted) states.set(large, { ...known, got: mergedRanges([...known.got, got]) });
}

function isRange(value: unknown): value is Range {
  return Array.isArray(value) && value.length === 2 && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}
