/** A file of a repository that is here. */

/** One file of the repository, whole and as it is there, on this disk. */
export interface FetchedFile {
  readonly uri: string;
  readonly key: string;
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Of the file at `path` as this call left it: `readExport` refuses with `changed` what another call put there since. */
  readonly fingerprint: string;
  /** `"new"`: this call brought it, since it was not here, is another version or was damaged. `"present"`: it was here before. */
  readonly status: "new" | "present";
}
