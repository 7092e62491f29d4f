/** What a cache may take, as numbers. Pure. */

/** Each for itself. */
export interface Limits {
  /** Of all entries together; the least recently used go first. */
  readonly maxBytes?: number | undefined;
  /** How many objects; the least recently used go first. */
  readonly maxObjects?: number | undefined;
  /** Fetched longer ago than this, milliseconds. */
  readonly olderThanMs?: number | undefined;
  /** Not used for longer than this, milliseconds. */
  readonly unusedForMs?: number | undefined;
  /** What is to stay free on the file system of the cache, whoever takes it; the least recently used go first. */
  readonly minFreeBytes?: number | undefined;
}

export function areLimits({ maxBytes, maxObjects, olderThanMs, unusedForMs, minFreeBytes }: Limits): boolean {
  return [maxBytes, maxObjects, olderThanMs, unusedForMs, minFreeBytes].some((limit) => limit !== undefined);
}
