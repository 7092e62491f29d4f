/**
 * A request with its retries whose answer is short: everything but reading and writing bodies. The answer is kept whole.
 */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import type { AnswerSink } from "./answer.ts";
import { type AttemptContext, Attempts } from "./attempts.ts";

export interface Answered {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Uint8Array;
}

export interface CallOptions {
  /** Bounds the answer (default 1 MiB): limit-exceeded. */
  readonly maxBytes?: number | undefined;
  /** Throws `Refused` for a refusal that came as a 200. */
  readonly check?: ((answer: Answered) => void) | undefined;
  /** Told of each failed try, the last one included. */
  readonly onFailure?: ((failure: unknown) => void) | undefined;
}

/** Sends until it is answered. */
export async function call(
  context: AttemptContext,
  send: (sink: AnswerSink) => Promise<void>,
  options: CallOptions = {},
): Promise<Answered> {
  const startedMs = context.clock.now();
  let attempts: Attempts | undefined;
  for (let attempt = 1; ; attempt++) {
    const answer = new ShortAnswer(context.uri, options.maxBytes ?? 1024 * 1024, attempt);
    try {
      await send(answer);
      options.check?.(answer);
      return answer;
    } catch (failure) {
      options.onFailure?.(failure);
      attempts ??= new Attempts(context, startedMs);
      await attempts.next(failure);
    }
  }
}

class ShortAnswer implements AnswerSink, Answered {
  status = 0;
  headers: ResponseHeaders = {};
  readonly attempt: number;
  readonly #uri: string;
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(uri: string, maxBytes: number, attempt: number) {
    this.attempt = attempt;
    this.#uri = uri;
    this.#maxBytes = maxBytes;
  }

  get body(): Uint8Array {
    const [first] = this.#pieces;
    if (first !== undefined && this.#pieces.length === 1) return first;
    // Asked for more than once, and a page of a listing is a third of a megabyte.
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [whole];
    return whole;
  }

  accepts(status: number): boolean {
    return status >= 200 && status < 300;
  }

  head(status: number, headers: ResponseHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  data(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.#maxBytes) {
      throw new EntrepotError("limit-exceeded", `the server's answer about ${this.#uri} is longer than it may be`, {
        uri: this.#uri,
      });
    }
    this.#pieces.push(chunk.slice());
  }
}
