/**
 * Fetches the parts of one version side by side, each with its own tries. The first failure ends them all, and nothing is left
 * behind: no request, no piece on its way to the sink.
 */
import { EntrepotError } from "../../error/index.ts";
import { offAbort, onAbort } from "../../net/index.ts";
import { Refused } from "./answer.ts";
import { type AttemptContext, Attempts } from "./attempts.ts";
import { noRanges, type Part, replaced } from "./part.ts";
import type { Reading } from "./reading.ts";

export class PartFetcher {
  /** Why the parts ended early, if they did. */
  failure: { readonly reason: unknown } | undefined;
  /** Resolves when the first part is on its way as it should be, with true, or when no part will be, with false. */
  readonly proven: Promise<boolean>;
  readonly #reading: Reading;
  readonly #context: AttemptContext;
  readonly #stop = new AbortController();
  readonly #workers = new Set<Promise<void>>();
  readonly #writing = new Set<Promise<unknown>>();
  #prove: (isProven: boolean) => void = () => undefined;
  readonly #onAbort: () => void;
  readonly #onFailure: () => void;

  /** `onFailure` is called once, when all ends early. */
  constructor(reading: Reading, onFailure: () => void) {
    this.#reading = reading;
    this.#onFailure = onFailure;
    this.proven = new Promise((resolve) => {
      this.#prove = resolve;
    });
    const { clock, policy, uri, method, condition, identity, onRetry, signal } = reading;
    this.#context = {
      ...{ clock, policy, uri, method, condition, identity, onRetry },
      signal: this.#stop.signal,
      learn: (refused, once) => reading.learn?.(refused, once) === true,
    };
    this.#onAbort = () => this.fail(signal?.reason);
    if (signal !== undefined) onAbort(signal, this.#onAbort);
  }

  /** Runs beside the others; its failure is that of all. */
  run(work: () => Promise<void>): void {
    const working = work().catch((reason: unknown) => this.fail(reason));
    this.#workers.add(working);
  }

  /** Ends all that is on its way. Only the first reason counts. */
  fail(reason: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = { reason };
    this.#prove(false);
    this.#stop.abort(reason instanceof Error ? reason : new Error("another part failed"));
    this.#onFailure();
  }

  /** Fetches one part whole. Rejects with `replaced`, `noRanges`, what the sink threw, a typed error, `signal.reason`. */
  async fetch(part: Part): Promise<void> {
    const startedMs = this.#context.clock.now();
    let attempts: Attempts | undefined;
    for (;;) {
      try {
        await this.#reading.send(
          part.nextHeaders(this.#reading.headers),
          this.#watched(part),
          undefined,
          this.#stop.signal,
        );
        if (part.complete) return;
        throw new EntrepotError("truncated", `${this.#reading.uri}: the answer ended early`);
      } catch (failure) {
        if (this.failure !== undefined) throw this.failure.reason;
        if (part.complete && !(failure instanceof Refused)) return;
        const status = failure instanceof Refused ? failure.refusal.status : undefined;
        if (status === 412 || status === 416) throw replaced;
        if (status === 501) throw noRanges;
        if (failure === replaced || failure === noRanges) throw failure;
        attempts ??= new Attempts(this.#context, startedMs);
        await attempts.next(failure, part.progressBytes);
      }
    }
  }

  /** Remembers a piece that a sink has not taken yet. */
  track(taken: void | Promise<void>): void | Promise<void> {
    if (taken === undefined) return undefined;
    const done: Promise<unknown> = taken.then(
      () => this.#writing.delete(done),
      () => this.#writing.delete(done),
    );
    this.#writing.add(done);
    return taken;
  }

  /** When all workers have ended, whatever they came to. */
  async ended(): Promise<void> {
    await Promise.all(this.#workers);
    while (this.#writing.size > 0) await Promise.all(this.#writing);
    const { signal } = this.#reading;
    if (signal !== undefined) offAbort(signal, this.#onAbort);
  }

  #watched(part: Part) {
    return {
      accepts: (status: number) => part.accepts(status),
      head: (...given: Parameters<Part["head"]>) => {
        part.head(...given);
        this.#prove(true);
      },
      data: (chunk: Uint8Array) => {
        // A transport may still bring what was under way when all was given up.
        if (this.failure !== undefined) throw this.failure.reason;
        return part.data(chunk);
      },
    };
  }
}
