/** One step of a plan: what is copied, what is removed and what needs nothing, as plain values that nothing has been done for yet. */
import type { CopyJob, RemoveJob } from "./object-jobs.ts";
import type { Planned } from "./settle.ts";

export interface CopyItem {
  readonly kind: "copy";
  readonly job: CopyJob;
  /** Why, in words: "new", "size differs" … */
  readonly reason?: string | undefined;
}

export interface RemoveItem {
  readonly kind: "remove";
  readonly job: RemoveJob;
  /** On which side of the transfer it lies. Default: the target's; of a removal alone there is but one. */
  readonly side?: "source" | "target" | undefined;
  readonly reason?: string | undefined;
}

/** Looked at, and right as it is. */
export interface SkipItem {
  readonly kind: "skip";
  readonly uri: string;
  readonly target: string | undefined;
  readonly sizeBytes: number;
  readonly reason?: string | undefined;
  /** The copy that an earlier process made: whoever goes on with the plan later looks at it again. */
  readonly done?: CopyJob | undefined;
}

export type Item = CopyItem | RemoveItem | SkipItem;

/** How an item shows in the report. */
export function plannedOf(item: Item): Planned {
  const reason = item.reason === undefined ? undefined : { reason: item.reason };
  if (item.kind === "skip") {
    const { uri, target, sizeBytes } = item;
    return { uri, target, action: "skip", sizeBytes, ...reason };
  }
  if (item.kind === "copy") {
    const { from, to, sizeBytes } = item.job;
    return { uri: from.uri, target: to.uri, action: "copy", sizeBytes: sizeBytes ?? 0, ...reason };
  }
  const { what, exists = true, sizeBytes } = item.job;
  return { uri: what.uri, target: undefined, action: exists ? "remove" : "skip", sizeBytes, ...reason };
}

/** Whether there is something to do for it. */
export function isWork(item: Item): boolean {
  if (item.kind === "skip" || item.job.problem !== undefined) return false;
  return item.kind === "copy" || item.job.exists !== false;
}
