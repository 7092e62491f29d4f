/** What is to be done to one object of many: plain values, for which nothing has been done yet. */
import type { EntrepotError } from "../error/index.ts";
import type { ObjectPlace } from "./copy-object.ts";

/** One object to be copied. `problem` is a failure that the planning found: it is reported, nothing is tried. */
export interface CopyJob {
  readonly from: ObjectPlace;
  readonly to: ObjectPlace;
  /** `undefined` when the planning did not learn it. */
  readonly sizeBytes: number | undefined;
  /** The version that the planning saw. A move takes and removes exactly this one. */
  readonly etag?: string | undefined;
  /** For a source that does not know its own. */
  readonly contentType?: string | undefined;
  /** The time that a file is to bear, milliseconds since 1970. Default: now. */
  readonly modifiedMs?: number | undefined;
  readonly problem?: EntrepotError | undefined;
}

/** One object to be removed. */
export interface RemoveJob {
  readonly what: ObjectPlace;
  readonly sizeBytes: number;
  /** The version that the planning saw: a job that is resumed later leaves another one alone, this one does not ask. */
  readonly seenEtag?: string | undefined;
  /** False: it is not there, which is success and counts nothing. Default true. */
  readonly exists?: boolean | undefined;
  /** Only the version that the planning saw, which may be gone by then; another one is `changed`. Default: whatever is there. */
  readonly etag?: string | undefined;
  readonly problem?: EntrepotError | undefined;
}
