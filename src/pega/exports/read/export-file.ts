/** One export to be read, wherever it lies. */

export interface ExportFile {
  /** Named in errors. */
  readonly uri: string;
  /** Its last name: where nothing in it tells what it is, this does. */
  readonly name: string;
  /** What the source column says. */
  readonly source: string;
  /** Of its version; empty where nothing tells it, and then nothing of it is kept. */
  readonly etag: string;
  /** Gives the path of a file of this disk that holds it, for as long as `use` takes. */
  open<T>(use: (path: string) => Promise<T>): Promise<T>;
}
