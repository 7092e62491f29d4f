/** One function out of all that says which objects are meant; the one place where names, sizes and ages are looked at. */
import { linearMatcher } from "../linear-matcher.ts";
import { parseByteSize } from "../units.ts";
import type { FilterOptions } from "./filter-options.ts";
import { momentMs } from "./moment.ts";
import { commonPrefix, pathGlobs } from "./path-globs.ts";

/** What a filter looks at. Folders have no size and no age: only their path counts. */
export interface Filtered {
  readonly path: string;
  readonly sizeBytes?: number | undefined;
  readonly modifiedMs?: number | undefined;
}

export interface Filter {
  /** What the path of everything that passes begins with. */
  readonly prefix: string;
  readonly passes: (entry: Filtered) => boolean;
}

export type FilterRequest = FilterOptions & { readonly match?: RegExp | undefined };

/** Errors: TypeError for what is no glob or pattern, RangeError for what is no size or moment. `nowMs` is what ages count from. */
export async function filterOf(request: FilterRequest, nowMs: number): Promise<Filter> {
  const { match } = request;
  const matches = match === undefined ? undefined : await linearMatcher(match);
  const include = pathGlobs(request.include);
  const exclude = pathGlobs(request.exclude) ?? [];
  const leastBytes = request.minSize === undefined ? 0 : parseByteSize(request.minSize);
  const mostBytes = request.maxSize === undefined ? Number.POSITIVE_INFINITY : parseByteSize(request.maxSize);
  const afterMs = request.newerThan === undefined ? undefined : momentMs(request.newerThan, nowMs);
  const beforeMs = request.olderThan === undefined ? undefined : momentMs(request.olderThan, nowMs);
  return {
    prefix: commonPrefix(include),
    passes({ path, sizeBytes, modifiedMs }) {
      if (matches?.(path) === false || include?.some((glob) => glob.matches(path)) === false) return false;
      if (exclude.some((glob) => glob.matches(path))) return false;
      if (sizeBytes !== undefined && (sizeBytes < leastBytes || sizeBytes > mostBytes)) return false;
      if (modifiedMs === undefined) return true;
      return (afterMs === undefined || modifiedMs > afterMs) && (beforeMs === undefined || modifiedMs < beforeMs);
    },
  };
}

/** What to ask a store for: `prefix` of keys, of which those with a path below `base` that begins with the filter's are wanted. */
export function narrowed(prefix: string, base: string, filter: Filter): string | undefined {
  const wanted = base + filter.prefix;
  if (wanted.startsWith(prefix)) return wanted;
  return prefix.startsWith(wanted) ? prefix : undefined;
}
