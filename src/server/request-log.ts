/** What the server saw and did, one record per request, in the order of arrival. */

export interface RecordedRequest {
  readonly method: string;
  /** As S3 names it; undefined when the request was refused before that was known. */
  readonly operation: string | undefined;
  readonly bucket: string;
  readonly key: string;
  /** Without signature parameters. */
  readonly query: Readonly<Record<string, string>>;
  /** The Range header. */
  readonly range: string | undefined;
  /** Names in lower case; `authorization` and session tokens are redacted. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when nothing was signed. Not necessarily a known one. */
  readonly accessKeyId: string | undefined;
  /** 0 while there is no answer. */
  readonly status: number;
  readonly errorCode: string | undefined;
  /** Bytes of the request's body that were read, framing included. */
  readonly bytesIn: number;
  /** Bytes of the answer's body that were handed to the socket. */
  readonly bytesOut: number;
  /** When it came, by the server's clock; milliseconds since 1970. */
  readonly startedMs: number;
}

/** A record that is still being written. */
export type OpenRecord = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };
