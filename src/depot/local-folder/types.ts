/** Several objects as one folder of this disk, as types. */
import type { LocalCopy } from "../local-copy.ts";
import type { ReadOptions } from "../options.ts";

/** How several objects become one folder. */
export interface LocalFolderOptions extends ReadOptions<"throw"> {
  /**
   * `"link"` (default): symbolic links to the local copies, which cost nothing; a tool that resolves a link before it looks for the
   * file beside it would look in the cache. `"copy"`: real files, which share blocks with the copies where the disk can do that.
   */
  readonly files?: "link" | "copy" | undefined;
  /** Only objects whose path below the source matches; linear time. Default: all. */
  readonly match?: RegExp | undefined;
}
/** One object in a local folder. */
export interface LocalFolderFile {
  readonly uri: string;
  /** Below the folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly etag: string;
}
export interface LocalFolder extends LocalCopy {
  /** A folder of this disk. Read what is in it; do not write to it. */
  readonly path: string;
  /** Of all its files: another one when a file is another version, comes or goes. */
  readonly etag: string;
  /** In the order of the source. */
  readonly files: readonly LocalFolderFile[];
}
