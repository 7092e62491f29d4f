/** What a zip is read from: a file or an object of one version, at any place. */

export interface ZipSource {
  /** Named in errors. */
  readonly uri: string;
  readonly sizeBytes: number;
  /** Exactly `[start, end)`. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** The same in pieces, as they come. */
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
}
