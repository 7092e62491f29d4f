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
  /** Where the answer is gathered: it is overwritten by the next one. Default: memory of its own. */
  readonly scratch?: Scratch | undefined;
  /** Throws `Refused` for a refusal that came as a 200. */
  readonly check?: ((answer: Answered) => void) | undefined;
  /** Told of each failed try, the last one included. */
  readonly onFailure?: ((failure: unknown) => void) | undefined;
}

/** Memory for one answer after the other. Large ones that are left to the garbage collector wait for it long. */
export class Scratch {
  #memory: Buffer<ArrayBuffer> = Buffer.alloc(0);

  /** At least so many bytes; the first `kept` stay as they are. */
  room(bytes: number, kept: number): Buffer<ArrayBuffer> {
    if (bytes > this.#memory.byteLength) {
      const larger = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.#memory.byteLength));
      this.#memory.copy(larger, 0, 0, kept);
      this.#memory = larger;
    }
    return this.#memory;
  }
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
    const answer = new ShortAnswer(context.uri, attempt, options);
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
  readonly #scratch: Scratch;
  #bytes = 0;

  constructor(uri: string, attempt: number, { maxBytes = 1024 * 1024, scratch = new Scratch() }: CallOptions) {
    this.attempt = attempt;
    this.#uri = uri;
    this.#maxBytes = maxBytes;
    this.#scratch = scratch;
  }

  get body(): Uint8Array {
    return this.#scratch.room(this.#bytes, this.#bytes).subarray(0, this.#bytes);
  }

  accepts(status: number): boolean {
    return status >= 200 && status < 300;
  }

  head(status: number, headers: ResponseHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  data(chunk: Uint8Array): void {
    const bytes = this.#bytes + chunk.byteLength;
    if (bytes > this.#maxBytes) {
      throw new EntrepotError("limit-exceeded", `the server's answer about ${this.#uri} is longer than it may be`, {
        uri: this.#uri,
      });
    }
    this.#scratch.room(bytes, this.#bytes).set(chunk, this.#bytes);
    this.#bytes = bytes;
  }
}
