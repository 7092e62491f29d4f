/** What lies in an archive: files and empty folders, each with a path below the folder that was packed. */
import type { Bytes } from "../codec/index.ts";

export interface ArchiveEntry {
  /** With `/`, no final one: checked by `entryPath`. */
  readonly path: string;
  readonly kind: "file" | "folder";
  /** Of a file, as the archive says it; held against what really comes out. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970; `undefined` where the archive does not tell. */
  readonly modifiedMs: number | undefined;
  readonly isExecutable: boolean;
}

/** An entry on its way into an archive. */
export interface PackEntry extends ArchiveEntry {
  /** The bytes of a file, exactly `sizeBytes`; empty for a folder. */
  open(): AsyncIterable<Uint8Array>;
}

/** An entry on its way out; its bytes are to be read before the next one is asked for. */
export interface UnpackEntry extends ArchiveEntry {
  /** Errors: truncated, integrity, malformed, limit-exceeded, unsupported. */
  readonly bytes: AsyncIterable<Bytes>;
  /** The same at once, of a file that is small; instead of `bytes`, not beside it. */
  readonly whole?: (() => Promise<Bytes>) | undefined;
}

/** What is neither file nor folder: left out because the caller said so, or shown in a list. */
export interface SkippedEntry {
  readonly path: string;
  readonly kind: "link" | "other";
  readonly bytes?: never;
}
