/** What has become another since somebody read it. */
import type { SeenRead } from "./seen-read.ts";

/**
 * A read that would not give the same today. Objects are asked for by ETag, many of one folder by a page of a listing; of a file of this
 * disk that was touched the bytes decide, where all of them had been read. One version of an object never becomes another.
 */
export interface ChangedRead<R extends SeenRead = SeenRead> {
  readonly read: R;
  /** In words: "it has another ETag", "it is gone" … */
  readonly why: string;
  /** `unknown`: nobody could tell, for want of a permission or, without a local copy, of a network. */
  readonly kind: "changed" | "gone" | "appeared" | "unknown";
}
