/**
 * What comes back over the network: an answer that is passed on piece by piece, or a refusal that is kept, up to a limit.
 */
import type { ResponseHeaders, ResponseSink } from "../../net/index.ts";
import type { Refusal } from "./refusal.ts";

/** Takes the answer of one try, or of one after another. */
export interface AnswerSink {
  /** Whether this status is an answer; anything else is a refusal. */
  accepts(status: number): boolean;
  head(status: number, headers: ResponseHeaders): void;
  data(chunk: Uint8Array): void | Promise<void>;
  /** Which try of its call this is, from 1, for whoever watches. Default 1. */
  readonly attempt?: number | undefined;
}

/** The server refused. Becomes a typed error where the object's address is known. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.status} ${refusal.serverCode}`);
    this.refusal = refusal;
  }
}

/** Error answers are read up to this size, bytes. */
const refusalBytes = 1024 * 1024;

/** One try's answer. */
export class Answer implements ResponseSink {
  /** `undefined` as long as nothing came. */
  status: number | undefined;
  /** Whether what came is a refusal. */
  refused = false;
  receivedBytes = 0;
  readonly #sink: AnswerSink;
  #headers: ResponseHeaders = {};
  #pieces: Uint8Array[] = [];

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /** The headers of a refusal. */
  get headers(): ResponseHeaders {
    return this.#headers;
  }

  head(status: number, headers: ResponseHeaders): void {
    this.status = status;
    if (this.#sink.accepts(status)) {
      this.#sink.head(status, headers);
      return;
    }
    this.refused = true;
    this.#headers = headers;
  }

  data(chunk: Uint8Array): void | Promise<void> {
    this.receivedBytes += chunk.byteLength;
    if (!this.refused) return this.#sink.data(chunk);
    if (this.receivedBytes > refusalBytes) throw new Error("the error answer has no end");
    this.#pieces.push(chunk.slice());
    return undefined;
  }

  /** The body of a refusal. */
  body(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}
