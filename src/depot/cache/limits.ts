/** The limits of a cache as people write them. */
import type { Limits } from "../../cache/index.ts";
import { type Check, isCount } from "../../error/index.ts";
import { type Checks, isByteSize, isDuration } from "../option-checks.ts";
import { type ByteSize, type Duration, durationMs, parseByteSize } from "../units.ts";

/** Each limit is for itself; an entry goes when one of them says so. What is pinned or in use stays in any case. */
export interface CacheLimits {
  /** Of all entries together; the least recently used go first. */
  readonly maxBytes?: ByteSize | undefined;
  /** How many objects; the least recently used go first. A whole number from 0. */
  readonly maxObjects?: number | undefined;
  /** Fetched longer ago than this. */
  readonly olderThan?: Duration | undefined;
  /** Not read for longer than this. */
  readonly unusedFor?: Duration | undefined;
  /** What is to stay free on the file system of the cache, whatever fills it; the least recently used go first. */
  readonly minFreeBytes?: ByteSize | undefined;
}

export const limitChecks: Checks & Readonly<Record<keyof CacheLimits, Check>> = {
  maxBytes: isByteSize,
  maxObjects: isCount(0),
  olderThan: isDuration,
  unusedFor: isDuration,
  minFreeBytes: isByteSize,
};

/** The same as numbers. RangeError for what has no meaning. */
export function limitsOf({ maxBytes, maxObjects, olderThan, unusedFor, minFreeBytes }: CacheLimits): Limits {
  return {
    maxBytes: maxBytes === undefined ? undefined : parseByteSize(maxBytes),
    maxObjects,
    olderThanMs: olderThan === undefined ? undefined : durationMs(olderThan),
    unusedForMs: unusedFor === undefined ? undefined : durationMs(unusedFor),
    minFreeBytes: minFreeBytes === undefined ? undefined : parseByteSize(minFreeBytes),
  };
}
