/** What has an end, and the local copy of an object. */

/** Has an end. Plain JavaScript has no `await using` before Node 24, so everything disposable can also be closed. */
export interface Closable extends AsyncDisposable {
  close(): Promise<void>;
}
export interface LocalCopy extends Closable {
  /** A real file with the object's suffix. Read it; do not write to it. */
  readonly path: string;
  readonly etag: string;
}
