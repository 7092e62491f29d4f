/**
 * What a transfer says about itself: before (dry run), while, and after. The same plain values on every path.
 */
import type { Usage } from "../cache/index.ts";
import type { EntrepotError } from "../error/index.ts";

/** Told after every step that moved bytes or finished an object. */
export interface Progress {
  /** The object that moved last. */
  readonly uri: string;
  readonly doneObjects: number;
  /** `undefined` while the listing still runs. */
  readonly totalObjects: number | undefined;
  /** Of all objects together; goes back when an attempt starts over. */
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
}

/** The object that one write made. */
export interface Written {
  readonly uri: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly versionId: string | undefined;
  /** It waits on this disk until `offline.push()` sends it, and no server gave its ETag. Only where `outbox` is on. */
  readonly queued?: true | undefined;
}

/** What happens, would happen or happened to one object. */
export interface FileResult {
  /** The source of a copy; the object itself for a removal. */
  readonly uri: string;
  /** Where a copy goes; `undefined` for a removal, and for a file that is left out since it is no object (`skip`, with its `reason`). */
  readonly target: string | undefined;
  readonly action: "copy" | "skip" | "remove";
  readonly status: "planned" | "done" | "failed";
  readonly sizeBytes: number;
  readonly error: EntrepotError | undefined;
  /** It waits on this disk until `offline.push()` sends it. Only where `outbox` is on. */
  readonly queued?: true | undefined;
  /** Why, in words, where more than the wish of the caller decided: "size differs", "same ETag"; why `offline.push()` skipped it. */
  readonly reason?: string | undefined;
}

/** What a transfer was to do, known before it did anything. */
export interface TransferPlan {
  /** To be copied or removed; what needs nothing is not among them. */
  readonly objects: number;
  /** Of what is copied; where a server did not tell a size, nothing. */
  readonly sizeBytes: number;
  readonly requests: PlannedRequests;
}

/** Requests to servers that a transfer without a failure makes, those of its planning included. */
export interface PlannedRequests {
  readonly total: number;
  /** Whole objects and ranges. */
  readonly get: number;
  /** Whole objects, and what begins and completes an upload in parts. */
  readonly put: number;
  /** Parts of large objects, sent or copied. */
  readonly part: number;
  /** Objects that the server copies by itself. */
  readonly copy: number;
  readonly head: number;
  /** Pages. */
  readonly list: number;
  /** Single removals, and batches of up to 1,000. */
  readonly delete: number;
}

/**
 * The sum. With `onError: "throw"`, the default, a transfer with a failure rejects after trying every object, with the code of
 * the first failure and all of them in `failures`.
 */
export interface TransferReport {
  readonly dryRun: boolean;
  /** The object, where exactly one was written. */
  readonly written: Written | undefined;
  readonly copied: Usage;
  /** What needed no work, e.g. a removal of what was not there. */
  readonly skipped: Usage;
  readonly removed: Usage;
  /** Objects that were seen and that filters left out; `undefined` where they left out none. What cannot begin as `include` asks is not seen. */
  readonly leftOut?: number | undefined;
  /** Empty unless `onError` is `"warn"` or `"ignore"`. */
  readonly failed: readonly FileResult[];
  readonly elapsedMs: number;
  /** What was planned, the same for a dry run; `undefined` where a call has no plan, e.g. `cache.pin`. */
  readonly plan?: TransferPlan | undefined;
  /** By what `data.jobs` knows it while it is not finished; `undefined` where no journal was kept. Of a finished one nothing is left. */
  readonly jobId?: string | undefined;
}
