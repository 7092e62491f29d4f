/**
 * Whether a failed try is followed by another, and when. Counts tries and time, learns from refusals, and ends with the typed
 * error of the last failure. The only place under `store/` that waits.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { HungUp } from "../../net/index.ts";
import { type Clock, type RetryPolicy, retryDelay } from "../retry-policy.ts";
import { Refused } from "./answer.ts";
import { isNeverSigned, NeverSigned } from "./never-signed.ts";
import { type RefusedRequest, refusedError } from "./refusal.ts";

/** Progress of this size makes a long download's later failures count from the beginning again, bytes. */
const freshStartBytes = 1024 * 1024;

/** So many connections in a row may turn out to have been closed while they were idle; each of them is used only once. */
const mostClosedConnections = 100;

/** A try failed and another follows. */
export interface RetryEvent {
  readonly type: "retry";
  readonly uri: string;
  /** The number of the try that failed, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: EntrepotError;
}

/** What one call brings to its tries. */
export interface AttemptContext {
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  readonly uri: string;
  readonly method: string;
  readonly condition?: "create" | "match" | undefined;
  readonly identity?: RefusedRequest["identity"];
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Puts right what a refusal says is wrong; true when the next try can do better at once. `once` is true the first time for each word. */
  readonly learn?: ((refused: Refused, once: (what: string) => boolean) => boolean) | undefined;
}

export class Attempts {
  readonly #context: AttemptContext;
  #startedMs: number;
  #failed = 0;
  #closedConnections = 0;
  readonly #learned = new Set<string>();

  /** Made at the first failure; `startedMs` is when the first try began. */
  constructor(context: AttemptContext, startedMs: number) {
    this.#context = context;
    this.#startedMs = startedMs;
  }

  /** Tries that have failed so far. */
  get failed(): number {
    return this.#failed;
  }

  /**
   * Resolves when it is time to try again; else throws the final error. `progressBytes` is what the failed try brought, `policy`
   * the patience of the moment.
   */
  async next(failure: unknown, progressBytes = 0, policy: RetryPolicy = this.#context.policy): Promise<void> {
    const { clock, uri, signal } = this.#context;
    if (signal?.aborted === true) throw signal.reason;
    // no try: the server had hung up before it could answer
    if (failure instanceof HungUp && ++this.#closedConnections <= mostClosedConnections) return;
    if (progressBytes >= freshStartBytes) {
      this.#failed = 0;
      this.#startedMs = clock.now();
    }
    this.#failed++;
    if (failure instanceof Refused && this.#context.learn?.(failure, (what) => this.#once(what)) === true) return;
    const error = this.#typed(failure);
    const passes = error.retryable || (failure instanceof Refused && isPassingConflict(failure));
    if (!passes || this.#failed >= policy.attempts) throw this.#final(error);
    const delayMs = retryDelay(policy, this.#failed, clock.random(), {
      throttled: error.code === "throttled",
      retryAfterMs: failure instanceof Refused ? failure.refusal.retryAfterMs : undefined,
    });
    if (clock.now() + delayMs - this.#startedMs > policy.budgetMs) throw this.#final(error);
    this.#context.onRetry?.({ type: "retry", uri, attempt: this.#failed, delayMs, error });
    await clock.sleep(delayMs, signal);
  }

  #once(what: string): boolean {
    if (this.#learned.has(what)) return false;
    this.#learned.add(what);
    return true;
  }

  #typed(failure: unknown): EntrepotError {
    if (failure instanceof Refused) return refusedError(failure.refusal, this.#context);
    if (isEntrepotError(failure)) return failure;
    // A sink's own error, a caller's mistake: not ours to translate or to repeat.
    throw failure;
  }

  #final(error: EntrepotError): EntrepotError {
    if (error.uri !== undefined && this.#failed === 1) return error;
    const tries = this.#failed === 1 ? "" : ` (after ${this.#failed} tries)`;
    const final = new EntrepotError(error.code, `${error.message}${tries}`, {
      uri: error.uri ?? this.#context.uri,
      hint: error.hint,
      cause: error.cause ?? error,
      retryable: error.retryable,
      serverCode: error.serverCode,
    });
    return isNeverSigned(error) ? new NeverSigned(final) : final;
  }
}

/** Two conditional writes at once: S3 asks to try again, and the second try gives the verdict. */
function isPassingConflict({ refusal }: Refused): boolean {
  return refusal.serverCode === "ConditionalRequestConflict";
}
