/** A fault as its writer gives it: which requests, and what becomes of them. */

export type FaultMethod = "GET" | "PUT" | "HEAD" | "POST" | "DELETE";

export interface Fault {
  readonly method?: FaultMethod | undefined;
  /**
   * By S3's name, e.g. `CopyObject`; one that this server offers. Each key of DeleteObjects also counts as a `DeleteObject` by
   * DELETE, for the effect `status`: that key alone is refused.
   */
  readonly operation?: string | undefined;
  /** Searched in the key; requests about buckets have the key `""`. */
  readonly key?: RegExp | undefined;
  /** How many matching requests pass first. Default 0. */
  readonly after?: number | undefined;
  /** How many are spoiled then. Default 1; `Infinity` for all. */
  readonly times?: number | undefined;
  readonly effect: FaultEffect;
}

/** Byte counts are of the answer's body. The operation itself is carried out, except under `status`, `silent` and `resetUploadAfterBytes`. */
export type FaultEffect =
  /** Answers this instead; the code defaults to the usual one of the status. */
  | { readonly status: number; readonly code?: string | undefined; readonly retryAfterSeconds?: number | undefined }
  /** Ends the connection in order (FIN) when so many bytes were sent. */
  | { readonly cutAfterBytes: number }
  /** Breaks the connection (RST) when so many bytes were sent. */
  | { readonly resetAfterBytes: number }
  /** Carries out the operation and breaks the connection (RST) without a word of answer. */
  | { readonly loseAnswer: true }
  /** Sends so many bytes and then nothing, until the client gives up or the server closes. */
  | { readonly stallAfterBytes: number }
  /** Breaks the connection (RST) when so many bytes of the request's body were read. */
  | { readonly resetUploadAfterBytes: number }
  /** Reads the request and never answers. */
  | { readonly silent: true }
  /** Replaces the object, with its metadata kept, just before this request is carried out. */
  | { readonly replaceWith: Uint8Array }
  /** Answers 200 with an error document, as S3 may for CopyObject and CompleteMultipartUpload. */
  | { readonly errorInBody: string }
  /** Sends the right bytes under another Content-Range. */
  | { readonly contentRange: string }
  /** Answers 200 with the whole object, as if there were no Range. */
  | { readonly ignoreRange: true }
  /** A well-framed answer that ends after so many bytes: a document that is cut off, or a short object. */
  | { readonly truncateBody: number }
  /** Inverts the byte at this place. */
  | { readonly corruptByteAt: number };
