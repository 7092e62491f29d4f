/**
 * Scripted misbehaviour. A fault waits for requests that match, lets `after` of them pass, and then spoils `times` of
 * them. Signatures are checked first: a fault never hides a request that was wrong.
 */
import { checkFault } from "./check-fault.ts";

export type FaultMethod = "GET" | "PUT" | "HEAD" | "POST" | "DELETE";

export interface Fault {
  readonly method?: FaultMethod | undefined;
  /** By S3's name, e.g. `CopyObject`; one that this server offers. */
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

/** Faults in the order in which they were injected; a request takes the first that matches. */
export class FaultScript {
  readonly #waiting: { readonly fault: Fault; seen: number }[] = [];

  /** Those that have not come as often as they should; one for good (`times: Infinity`) is due once. */
  get pending(): readonly Fault[] {
    return this.#waiting
      .filter(({ fault, seen }) => fault.times !== Number.POSITIVE_INFINITY || seen <= (fault.after ?? 0))
      .map(({ fault }) => fault);
  }

  /** All of them or none. Error: TypeError for one that could never do anything. */
  inject(faults: readonly Fault[]): void {
    for (const [index, fault] of faults.entries()) {
      checkFault(faults.length === 1 ? "the fault of inject()" : `fault ${index + 1} of inject()`, fault);
    }
    this.#waiting.push(...faults.map((fault) => ({ fault, seen: 0 })));
  }

  take(method: string, operation: string, key: string): FaultEffect | undefined {
    for (const [index, waiting] of this.#waiting.entries()) {
      const { fault } = waiting;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      if (fault.key !== undefined && key.search(fault.key) < 0) continue;
      waiting.seen += 1;
      const nth = waiting.seen - (fault.after ?? 0);
      if (nth < 1) continue;
      if (nth >= (fault.times ?? 1)) this.#waiting.splice(index, 1);
      return fault.effect;
    }
    return undefined;
  }
}
