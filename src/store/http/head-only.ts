/** Takes the head of an answer and ends it there: for servers that tell an object's size only to GET. */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { ObjectInfo } from "../object-store.ts";
import type { AnswerSink } from "../remote/answer.ts";
import { contentLength, objectInfo } from "../remote/object-info.ts";
import { parseContentRange } from "../remote/range.ts";

const seen: unique symbol = Symbol("seen");

export class HeadOnly {
  readonly #key: string;
  readonly #uri: string;
  #status = 0;
  #headers: ResponseHeaders = {};

  constructor(key: string, uri: string) {
    this.#key = key;
    this.#uri = uri;
  }

  /** A sink for the request whose refusals are `sink`'s. */
  before(sink: AnswerSink): AnswerSink {
    return {
      accepts: (status) => sink.accepts(status),
      head: (status, headers) => {
        this.#status = status;
        this.#headers = headers;
        throw seen;
      },
      data: () => undefined,
      attempt: sink.attempt,
    };
  }

  /** Whether the error is only the end that this made. */
  has(error: unknown): boolean {
    return error === seen;
  }

  /** Error: protocol when the server does not tell the size. */
  info(): ObjectInfo {
    const part = this.#status === 206 ? parseContentRange(this.#headers["content-range"]) : undefined;
    const sizeBytes = this.#status === 206 ? part?.sizeBytes : contentLength(this.#headers);
    if (sizeBytes !== undefined) return objectInfo(this.#key, sizeBytes, this.#headers);
    throw new EntrepotError("protocol", `${this.#uri}: the server does not tell its size`, { uri: this.#uri });
  }
}
