/**
 * How much may happen at once and in a second, for one store or several together. Who came first goes first; who gives up
 * leaves the queue and has used nothing.
 */
import { offAbort, onAbort } from "../../net/index.ts";
import type { Clock } from "../retry-policy.ts";
import { systemClock } from "../system-clock.ts";
import { checkOptions, limitChecks } from "./check-arguments.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface LimitOptions {
  /** Calls in flight, from 1; a read or write lasts until its last byte. RangeError. Default: no limit. */
  readonly concurrency?: number | undefined;
  /** Calls begun per second, above 0; as many as in one second may begin at once after a pause. RangeError. Default: no limit. */
  readonly requestsPerSecond?: number | undefined;
  /** Of bodies, both ways together, above 0; as many as in one second may pass at once after a pause. RangeError. Default: no limit. */
  readonly bytesPerSecond?: number | undefined;
  readonly clock?: Clock | undefined;
}

interface Waiting {
  readonly begin: () => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
}

/** Made by `sharedLimit`, for as many stores as are to share it. */
export class Limit {
  /** Whether bytes are counted at all. */
  readonly countsBytes: boolean;
  readonly #clock: Clock;
  readonly #concurrency: number;
  readonly #calls: TokenBucket | undefined;
  readonly #bytes: TokenBucket | undefined;
  readonly #queue = new Set<Waiting>();
  #running = 0;
  #pause: AbortController | undefined;

  constructor(options: LimitOptions) {
    const { concurrency = Number.POSITIVE_INFINITY, requestsPerSecond, bytesPerSecond, clock = systemClock } = options;
    const now = () => clock.now();
    this.#clock = clock;
    this.#concurrency = concurrency;
    this.#calls = bucketOf(requestsPerSecond, now);
    this.#bytes = bucketOf(bytesPerSecond, now);
    this.countsBytes = this.#bytes !== undefined;
  }

  /** Runs `action` when it is its turn. Rejects with `signal.reason` when that comes first. */
  async during<T>(signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
    const end = await this.begin(signal);
    try {
      return await action();
    } finally {
      end();
    }
  }

  /** Waits for its turn; what it gives ends it, and is to be called once. Rejects with `signal.reason` when that comes first. */
  async begin(signal: AbortSignal | undefined): Promise<() => void> {
    await this.#turn(signal);
    return () => {
      this.#running -= 1;
      this.#admit();
    };
  }

  /** Counts bytes that pass; a promise when they came too fast, which ends when they would have come in time. */
  pass(sizeBytes: number, signal: AbortSignal | undefined): Promise<void> | undefined {
    const waitMs = this.#bytes?.take(sizeBytes) ?? 0;
    return waitMs === 0 ? undefined : this.#clock.sleep(waitMs, signal);
  }

  /** As `pass`, before the bytes go: who gives up has sent none. */
  async before(sizeBytes: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.pass(sizeBytes, signal);
    } catch (error) {
      this.#bytes?.giveBack(sizeBytes);
      throw error;
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const waiting: Waiting = {
        begin: resolve,
        signal,
        onAbort: () => {
          this.#queue.delete(waiting);
          if (this.#queue.size === 0) this.#pause?.abort();
          reject(signal?.reason);
        },
      };
      this.#queue.add(waiting);
      if (signal !== undefined) onAbort(signal, waiting.onAbort);
      this.#admit();
    });
  }

  /** Lets in whoever may, in order. */
  #admit(): void {
    for (const waiting of this.#queue) {
      if (this.#running >= this.#concurrency || this.#pause !== undefined) return;
      const waitMs = this.#calls?.untilOneMs() ?? 0;
      if (waitMs > 0) {
        this.#resume(waitMs);
        return;
      }
      this.#calls?.take(1);
      this.#running += 1;
      this.#queue.delete(waiting);
      if (waiting.signal !== undefined) offAbort(waiting.signal, waiting.onAbort);
      waiting.begin();
    }
  }

  /** One pause for all who wait: it ends for nobody when all have left, so that it keeps no process alive. */
  #resume(waitMs: number): void {
    const pause = new AbortController();
    this.#pause = pause;
    const over = () => {
      this.#pause = undefined;
      this.#admit();
    };
    this.#clock.sleep(waitMs, pause.signal).then(over, over);
  }
}

/** A limit for several stores together: give it to each `withLimit`. RangeError. */
export function sharedLimit(options: LimitOptions): Limit {
  return new Limit(checkedLimit("sharedLimit()", options));
}

/** TypeError, RangeError. */
export function checkedLimit(what: string, options: LimitOptions): LimitOptions {
  checkOptions(what, options, limitChecks);
  return options;
}

function bucketOf(perSecond: number | undefined, now: () => number): TokenBucket | undefined {
  return perSecond === undefined ? undefined : new TokenBucket(perSecond, now);
}
