/** Large writes that end in the middle: what is left of them, and how a later call goes on. */

/** Bytes `[start, end)` of what a `receive` has been given, the earlier ones that it goes on with included. */
export type WrittenSoFar = (start: number, end: number) => AsyncIterable<Uint8Array>;

/**
 * A large write that a later call may go on with. Heeded by stores that take an object in parts, for bodies of known size, and by
 * `receive`, whose sink then keeps what is there until it is started; a failure that says nothing of the object leaves its parts there.
 */
export interface ResumableWrite {
  /** What `onBegun` was told of an earlier write of the same bytes to the same key. */
  readonly begun?: string | undefined;
  /** Awaited before the first byte; told what names the upload, or the file. Not called for one that is gone on with. */
  onBegun(upload: string): void | Promise<void>;
}

/** An upload in parts that was begun and neither completed nor aborted: its parts cost storage. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** When it was begun, milliseconds since 1970. */
  readonly startedMs: number;
}
