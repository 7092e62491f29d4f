/**
 * The door to the network, as an interface: one request out, one answer pushed into a sink. No retry, no redirect,
 * no decoding of `Content-Encoding`, nothing remembered. Everything that knows S3 is above.
 */

/** What bounds one request; milliseconds. */
export interface Timeouts {
  /** Until the connection stands. Default 5,000. */
  readonly connectMs?: number | undefined;
  /** From the last byte sent to the first byte of the answer. Default 30,000. */
  readonly firstByteMs?: number | undefined;
  /** Between two pieces of a body, either way. Default 30,000. */
  readonly idleMs?: number | undefined;
}

export interface TransportRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** `https://host[:port]`; no path. */
  readonly origin: string;
  /** Path and query exactly as they go on the wire. */
  readonly path: string;
  /** Names in lower case; sent as given. `host` comes from the origin unless it is here. */
  readonly headers: Readonly<Record<string, string>>;
  /** A body of known length (`content-length` is set by the caller for iterables). An iterable is read once. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** Header names in lower case; a repeated header is joined with `, `. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** Receives an answer. A throw from either method ends the request, and `send` rejects with what was thrown. */
export interface ResponseSink {
  /** Called once, before any data. 1xx answers are not shown. */
  head(status: number, headers: ResponseHeaders): void;
  /** A piece of the body, valid only until the call returns (copy to keep). A returned promise holds the socket back until it settles. */
  data(chunk: Uint8Array): void | Promise<void>;
}

/**
 * Errors of `send`: unreachable (also when switched off), timeout, truncated (the body ended early), protocol (the answer is not
 * HTTP/1.1), `signal.reason`, what the sink threw, what the request body's iterable threw.
 */
export interface Transport {
  /** Resolves when the whole body was delivered. A final status before the request body was sent closes the connection. */
  send(request: TransportRequest, sink: ResponseSink): Promise<void>;
  /** Why nothing would be sent now; asked before work, such as fetching credentials, that would be in vain. */
  refusal?(origin: string): Error | undefined;
  /** To be told that the server said in a body, under another status than 429 and 503, that it is asked too much at once. */
  throttled?(origin: string): void;
  /** Ends idle connections now and busy ones when they are done. */
  close(): Promise<void>;
}
