/** A fault as its writer gives it: which requests, and what becomes of them. `parseFaults` reads the same from one line. */
import type { Delay } from "./delays.ts";
import type { FaultRequest } from "./fault-request.ts";
import type { Rate } from "./rate.ts";
import type { Redirect } from "./redirect.ts";

export type FaultMethod = "GET" | "PUT" | "HEAD" | "POST" | "DELETE";

/**
 * A regular expression, searched in the text; or a glob that fits the whole of it: `*` is anything but a slash, `**` anything,
 * `?` one character, `{a,b}` either, and a backslash takes their meaning away.
 */
export type TextPattern = RegExp | string;

export interface Fault {
  readonly method?: FaultMethod | undefined;
  /**
   * By S3's name, e.g. `CopyObject`; one that this server offers. Each key of DeleteObjects also counts as a `DeleteObject` by
   * DELETE, for the effect `status`: that key alone is refused.
   */
  readonly operation?: string | undefined;
  /** Requests about the account have the bucket `""`. */
  readonly bucket?: TextPattern | undefined;
  /** Requests about buckets, listings among them, have the key `""`. */
  readonly key?: TextPattern | undefined;
  /** Parameters that the query must have, `true` for any value. Names as they are. */
  readonly query?: Readonly<Record<string, TextPattern | true>> | undefined;
  /** Headers that the request must have, `true` for any value. Names in any case. */
  readonly header?: Readonly<Record<string, TextPattern | true>> | undefined;
  /** How many matching requests pass first. Default 0. */
  readonly after?: number | undefined;
  /** How many are spoiled then. Default 1; `Infinity` for all, which is the default with `probability`, `forMs`, `until`, `rate` and `clockSkewMs`. */
  readonly times?: number | undefined;
  /** Of a matching request to be spoiled, above 0 and at most 1, drawn from the server's seed. Default 1. */
  readonly probability?: number | undefined;
  /** The fault is over so many milliseconds after the first request that matched. */
  readonly forMs?: number | undefined;
  /** Asked at each request that matches, before it is spoiled; the fault is over when it says true. */
  readonly until?: ((request: FaultRequest) => boolean) | undefined;
  readonly effect: FaultEffect;
}

/**
 * A request takes the first fault that matches – and, besides, the first of each that only slows or counts: `latency`,
 * `bodyDelay`, `bandwidth`, `rate`, `clockSkewMs`. Byte counts are of the answer's body. The operation itself is carried out,
 * except under refusals (without `carriedOut`), `silent`, `garbage` and `resetUploadAfterBytes`.
 */
export type FaultEffect =
  // Refusals
  /** Answers this instead, or, with `carriedOut`, after the operation; the code defaults to the usual one of the status. */
  | {
      readonly status: number;
      readonly code?: string | undefined;
      readonly retryAfterSeconds?: number | undefined;
      readonly carriedOut?: true | undefined;
    }
  /** Refuses what comes faster, as S3 does per prefix. Reads and writes are counted apart. */
  | { readonly rate: Rate }
  /** Answers 400 ExpiredToken. */
  | { readonly expiredToken: true }
  /** The server's clock is ahead by so many milliseconds (behind, when negative): it judges dates and signs its answers by it. */
  | { readonly clockSkewMs: number }
  /** Sends the client elsewhere. */
  | { readonly redirect: Redirect }
  /** Answers this status as a proxy, a balancer or a sign-in portal does (that one with 200): a page in HTML that names no S3 request. */
  | { readonly proxyError: number }
  /** Answers 200 with an error document, as S3 may for CopyObject and CompleteMultipartUpload. */
  | { readonly errorInBody: string }

  // Time
  /** Before the answer. The operation was carried out by then. */
  | { readonly latency: Delay }
  /** Between the head of the answer and its first byte. */
  | { readonly bodyDelay: Delay }
  /** Bytes per second of one connection, both ways. */
  | { readonly bandwidth: number }
  /** The body in small pieces with a wait before each. */
  | { readonly drip: Drip }
  /** The head of the answer in small pieces with a wait before each. */
  | { readonly slowHeaders: Drip }

  // Connection
  /** Breaks the connection (RST) as soon as it is accepted; of the scope, only `after`, `times`, `probability` and `forMs` apply. */
  | { readonly refuseConnection: true }
  /** Ends the connection in order (FIN) when so many bytes were sent. */
  | { readonly cutAfterBytes: number }
  /** Breaks the connection (RST) when so many bytes were sent. */
  | { readonly resetAfterBytes: number }
  /** Sends so many bytes and then nothing, until the client gives up or the server closes. */
  | { readonly stallAfterBytes: number }
  /** Breaks the connection (RST) when so many bytes of the request's body were read. */
  | { readonly resetUploadAfterBytes: number }
  /** Carries out the operation and breaks the connection (RST) without a word of answer. */
  | { readonly loseAnswer: true }
  /** Reads the request and never answers. */
  | { readonly silent: true }
  /** Answers with something that is not HTTP. */
  | { readonly garbage: true }
  /** Ends the connection after the whole answer, with `Connection: close` or without a word of warning. */
  | { readonly closeAfter: "announced" | "unannounced" }
  /** Never sends `100 Continue`, and waits for the body all the same. */
  | { readonly noContinue: true }

  // The object
  /** Replaces the object, with its metadata kept, just before this request is carried out. */
  | { readonly replaceWith: Uint8Array }
  /** Deletes the object just before this request is carried out. */
  | { readonly deleteBefore: true }
  /** Answers what the object was before its last change; waits for one to have been since the fault was injected. S3 never does this. */
  | { readonly stale: true }

  // What was asked for
  /** Answers 200 with the whole object, as if there were no Range. */
  | { readonly ignoreRange: true }
  /** Sends the bytes that begin so many further on, under the Content-Range that was asked for. */
  | { readonly shiftRange: number }
  /** Carries out the request as if it had no conditions, or not this one. */
  | { readonly ignoreConditions: true | "if-match" | "if-none-match" }

  // The answer
  /** Sends the right bytes under another Content-Range; `missing` for none. */
  | { readonly contentRange: string }
  /** Announces so many bytes more (or fewer) than it sends; `missing` for no announcement: the body is chunked. */
  | { readonly contentLength: number | "missing" }
  /** Another entity tag, with its quotes; `wrong` for one that was never the object's, `missing` for none. */
  | { readonly etag: string }
  /** Another value of the checksums sent (of a CRC32 where none is); `wrong` for a well-formed one, `missing` for none. */
  | { readonly checksum: string }
  /** A well-framed answer that ends after so many bytes: a document that is cut off, or a short object. */
  | { readonly truncateBody: number }
  /** Inverts the byte at this place. */
  | { readonly corruptByteAt: number }
  /** Compresses the body and says so (`Content-Encoding: gzip`), as proxies do that nobody asked. */
  | { readonly gzip: true }
  /** So many bytes of further headers. */
  | { readonly headerFlood: number }

  // Listings
  | { readonly listing: ListingFault };

/** `bytes` at a time, each after a wait of `everyMs`. */
export interface Drip {
  readonly bytes: number;
  readonly everyMs: number;
}

/**
 * `loop`: the continuation token leads to this same page again. `no-token`: more is announced, without a way to go on.
 * `missing-key`: the last key of the page is on none. `duplicate-key`: it is on the next page, too. `wrong-order`: from last to
 * first. `empty-page`: nothing, and a token to go on with (which is allowed). `stray-key`: one that was not asked for.
 */
export type ListingFault =
  | "loop"
  | "no-token"
  | "missing-key"
  | "duplicate-key"
  | "wrong-order"
  | "empty-page"
  | "stray-key";

/** The name of an effect, e.g. `cutAfterBytes`. */
export type EffectName = Exclude<
  FaultEffect extends infer E ? (E extends unknown ? keyof E : never) : never,
  "code" | "retryAfterSeconds" | "carriedOut"
>;
