/** Options of listings and globs from what was kept of them. */
import type { ListOptions, VersionListOptions } from "../entries.ts";
import type { SeenQuestion } from "./seen-read.ts";

/** What `list` and `glob` take to be asked the same. */
export function optionsOf({
  kind,
  depth,
  match,
  prefix,
  include,
  exclude,
  minSize,
  maxSize,
  newerMs,
  olderMs,
}: SeenQuestion): Omit<ListOptions, "versions"> {
  return {
    kind,
    depth,
    match: match && new RegExp(match[0], match[1]),
    prefix,
    include,
    exclude,
    minSize,
    maxSize,
    newerThan: newerMs === undefined ? undefined : new Date(newerMs),
    olderThan: olderMs === undefined ? undefined : new Date(olderMs),
  };
}

export function versionOptionsOf({ depth, match, prefix }: SeenQuestion): VersionListOptions {
  return { versions: true, depth, match: match && new RegExp(match[0], match[1]), prefix };
}
