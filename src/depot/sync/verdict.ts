/** Whether two objects of one path are the same, by what two listings say of them. Pure. */
import { isStrongEtag } from "../../store/index.ts";
import { etagDigest } from "./etag-digest.ts";
import type { Found, Side } from "./found.ts";
import type { Compare } from "./types.ts";

/** By what two objects were told apart, or found to be the same. */
export type Means = "etag" | "checksum" | "time" | "size";

export interface Verdict {
  readonly same: boolean;
  readonly means: Means;
  /** In words, for `FileResult.reason`. */
  readonly reason: string;
}

/** What a comparison is made between. */
export interface Sides {
  readonly from: Pick<Side, "kind" | "keepsTimes">;
  readonly to: Pick<Side, "kind" | "keepsTimes">;
}

/** The verdict, or `"contents"` where only these can tell. */
export function judge(source: Found, target: Found, compare: Compare, sides: Sides): Verdict | "contents" {
  if (source.sizeBytes !== target.sizeBytes) {
    return { same: false, means: "size", reason: `size ${target.sizeBytes} → ${source.sizeBytes}` };
  }
  if (compare === "size") return { same: true, means: "size", reason: "same size" };
  if (compare === "size-time") return judgeTime(source, target, sides);
  if (source.sizeBytes === 0) return { same: true, means: "size", reason: "both empty" };
  if (sides.from.kind === "server" && sides.to.kind === "server") return judgeEtags(source, target, compare);
  if (compare === "checksum") return "contents";
  const byTime = judgeTime(source, target, sides);
  return byTime.same ? byTime : "contents";
}

/**
 * Two ETags of the same digest are two of the same bytes, wherever they lie. Two different ones may still be: of uploads in parts, or
 * under KMS, where they are no digests.
 */
function judgeEtags(source: Found, target: Found, compare: Compare): Verdict | "contents" {
  if (source.etag === target.etag && isStrongEtag(source.etag)) {
    return { same: true, means: "etag", reason: "same ETag" };
  }
  const areDigests = etagDigest(source.etag)?.parts === 0 && etagDigest(target.etag)?.parts === 0;
  // What is older at the target is replaced whatever its ETag stands for.
  if (compare === "auto" && areDigests && source.modifiedMs > target.modifiedMs) return etagDiffers;
  return "contents";
}

export const etagDiffers: Verdict = { same: false, means: "etag", reason: "ETag differs" };

/** Files bear the time of their source, which is another after any change; a server stamps what it is given later than the source. */
export function judgeTime(source: Found, target: Found, { to }: Sides): Verdict {
  const laterMs = source.modifiedMs - target.modifiedMs;
  if (laterMs >= (to.keepsTimes ? 1 : Number.MIN_VALUE))
    return { same: false, means: "time", reason: "newer at the source" };
  if (to.keepsTimes && laterMs <= -1) return { same: false, means: "time", reason: "newer at the target" };
  return { same: true, means: "time", reason: to.keepsTimes ? "same size and time" : "same size, not newer" };
}
