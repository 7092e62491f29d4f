/** What a piece of work reads of depots, whichever it uses, for whoever wants to know later whether it would read the same. */
import type { ObjectInfo } from "../../store/index.ts";
import { currentFrame, inFrame } from "./frame.ts";
import { Recorder } from "./recorder.ts";
import { keptUri, seenObject } from "./seen-object.ts";
import type { SeenRead } from "./seen-read.ts";

/** What came of recorded work. */
export interface RecordedReads<T> {
  readonly value: T;
  /** Each thing once, in the order in which it was first read. */
  readonly reads: readonly SeenRead[];
}

/**
 * Runs `work` and tells every object that it read of any depot, all or a part of it, also what it only looked for, and every listing and
 * glob: of whatever came of it, across awaits, from caches, too. What the work had written itself before is not among them, nor is a
 * stream or a listing that nobody had begun to read when it ended. Rejects as `work` does. A recording within a recording counts in both.
 */
export async function recordReads<T>(work: () => T): Promise<RecordedReads<Awaited<T>>> {
  if (typeof work !== "function") throw new TypeError("recordReads() takes a function: what it does is recorded");
  const outer = currentFrame();
  const recorder = new Recorder(outer?.recorder);
  const value = await inFrame({ recorder, guard: outer?.guard }, work);
  return { value, reads: recorder.reads() };
}

/** Counts as read now, by whatever records, what somebody had read before: for a result that is found instead of computed. */
export function noteReads(reads: readonly SeenRead[]): void {
  const recorder = currentFrame()?.recorder;
  if (recorder === undefined) return;
  for (const read of reads) recorder.note(read);
}

/** Of a file that lies open, and of which no store is asked any more. */
export function noteOpened(
  { uri, origin }: { readonly uri: string; readonly origin?: string | undefined },
  info: Pick<ObjectInfo, "etag" | "sizeBytes"> & Partial<ObjectInfo>,
): void {
  currentFrame()?.recorder?.note(seenObject(keptUri(uri), origin, info));
}
