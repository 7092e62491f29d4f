/** Which objects are meant: by name, size and age. The same options wherever many objects are listed, copied or removed. */
import type { ByteSize, Duration } from "../units.ts";

/** How long ago, or when: `"7d"`, `"2024-01-31"` (UTC), `"2024-01-31T12:00:00Z"`, a `Date`. */
export type Moment = Duration | Date | `${number}-${number}-${number}${string}`;

export interface FilterOptions {
  /**
   * Only what one of these globs matches. With a `/` in it a glob is one of the whole path below the source, without one of the last
   * name, at any depth; a final `/` means all that lies in such a folder, a leading `/` only the source itself. Default: all.
   */
  readonly include?: string | readonly string[] | undefined;
  /** Nothing that one of these globs matches, whatever `include` says. */
  readonly exclude?: string | readonly string[] | undefined;
  /** Only objects of at least so many bytes. */
  readonly minSize?: ByteSize | undefined;
  /** Only objects of at most so many bytes. */
  readonly maxSize?: ByteSize | undefined;
  /** Only objects that were written after this moment: `"7d"` is the last seven days. */
  readonly newerThan?: Moment | undefined;
  /** Only objects that were written before this moment. */
  readonly olderThan?: Moment | undefined;
}
