/** Options of listings and globs as they can be kept. */
import type { GlobOptions, ListOptions } from "../entries.ts";
import { momentMs } from "../filters/moment.ts";
import { parseByteSize } from "../units.ts";
import type { SeenQuestion } from "./seen-read.ts";

type Asked = Omit<ListOptions & GlobOptions, "signal" | "shards" | "versions">;

/** `nowMs` is what ages count from. */
export function questionOf(
  verb: "list" | "glob",
  { kind, depth, match, prefix, include, exclude, minSize, maxSize, newerThan, olderThan }: Asked,
  nowMs: number,
): SeenQuestion {
  return {
    verb,
    ...(kind === undefined ? {} : { kind }),
    ...(depth === undefined ? {} : { depth }),
    ...(match === undefined ? {} : { match: [match.source, match.flags] }),
    ...(prefix === true ? { prefix } : {}),
    ...(include === undefined ? {} : { include: [include].flat() }),
    ...(exclude === undefined ? {} : { exclude: [exclude].flat() }),
    ...(minSize === undefined ? {} : { minSize: parseByteSize(minSize) }),
    ...(maxSize === undefined ? {} : { maxSize: parseByteSize(maxSize) }),
    ...(newerThan === undefined ? {} : { newerMs: momentMs(newerThan, nowMs) }),
    ...(olderThan === undefined ? {} : { olderMs: momentMs(olderThan, nowMs) }),
  };
}
