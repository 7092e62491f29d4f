/** What faults know of a request: what it asks for, and by which parameters and headers. */

/** A request as `until` sees it. */
export interface FaultRequest {
  readonly method: string;
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  /** The first value of a parameter; `""` for one without `=`. */
  query(name: string): string | undefined;
  /** Joined with commas when repeated. */
  header(name: string): string | undefined;
}
