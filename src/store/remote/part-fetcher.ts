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
  readonly #reading: Reading;
  readonly #onFailure: () => void;
  readonly #workers = new Set<Promise<void>>();
  readonly #parts = new Set<Part>();
  readonly #writing = new Set<Promise<unknown>>();
  readonly #onAbort: () => void;

  /** `onFailure` is called once, when all ends early. */
  constructor(reading: Reading, onFailure: () => void) {
    this.#reading = reading;
    this.#onFailure = onFailure;
    const { signal } = reading;
    this.#onAbort = () => this.fail(signal?.reason);
    if (signal !== undefined) onAbort(signal, this.#onAbort);
  }

  /** Runs beside the others; its failure is that of all. */
  run(work: () => Promise<void>): void {
    this.#workers.add(work().catch((reason: unknown) => this.fail(reason)));
  }

  /** Ends all that is on its way. Only the first reason counts. */
  fail(reason: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = { reason };
    for (const part of this.#parts) part.stop(new Error("the read has ended"));
    this.#onFailure();
  }

  /**
   * Fetches one part whole; false when it was withdrawn. Rejects with `replaced`, `noRanges`, what the sink threw, a typed error,
   * `signal.reason`.
   */
  async fetch(part: Part): Promise<boolean> {
    this.#throwIfFailed();
    const { clock, headers } = this.#reading;
    const startedMs = clock.now();
    let attempts: Attempts | undefined;
    this.#parts.add(part);
    try {
      for (;;) {
        try {
          await this.#reading.send(part.nextHeaders(headers), part, undefined, part.signal);
          if (part.complete) return true;
          throw new EntrepotError("truncated", `${this.#reading.uri}: the answer ended early`);
        } catch (failure) {
          if (part.withdrawn) return false;
          this.#throwIfFailed();
          if (part.complete && !(failure instanceof Refused)) return true;
          attempts ??= new Attempts(this.#contextOf(part), startedMs);
          await attempts.next(finalOf(failure), part.progressBytes);
        }
      }
    } catch (failure) {
      if (part.withdrawn) return false;
      throw failure;
    } finally {
      this.#parts.delete(part);
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

  #throwIfFailed(): void {
    if (this.failure !== undefined) throw this.failure.reason;
  }

  #contextOf(part: Part): AttemptContext {
    const reading = this.#reading;
    const { clock, policy, uri, method, condition, identity, onRetry } = reading;
    const learn: AttemptContext["learn"] = (refused, once) => reading.learn?.(refused, once) === true;
    return { clock, policy, uri, method, condition, identity, onRetry, signal: part.signal, learn };
  }
}

/** What a refusal says of the version or of the server, which no other try would change. */
function finalOf(failure: unknown): unknown {
  const status = failure instanceof Refused ? failure.refusal.status : undefined;
  if (status === 412 || status === 416) return replaced;
  return status === 501 ? noRanges : failure;
}
