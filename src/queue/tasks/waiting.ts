/** Waits for tasks to end: one question for all that are waited for. */
import type { Clock } from "../clock.ts";
import { isConnectionFailure } from "../database/failure.ts";
import { longestMs, type Pulse } from "./pulse.ts";
import type { TaskStatus } from "./task.ts";

export interface WaitingParts {
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly readEnded: (ids: readonly string[]) => Promise<readonly TaskStatus[]>;
}

/** So many ids in one question. */
const atOnce = 1000;
/** Between questions, milliseconds; and how many times as long as the last one took. */
const leastRestMs = 10;
const restShare = 6;
/** A database that is away is asked again for so long, milliseconds. */
const patienceMs = 60_000;

export class Waiting {
  readonly #parts: WaitingParts;
  readonly #waiting = new Map<string, Set<(ended: TaskStatus | Error) => void>>();
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(parts: WaitingParts) {
    this.#parts = parts;
  }

  /** Rejects with `signal.reason`, and as the database does when it is away for long. */
  wait(id: string, signal: AbortSignal | undefined): Promise<TaskStatus> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const listeners = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, listeners);
      const leave = (): void => {
        listeners.delete(onEnd);
        if (listeners.size === 0) this.#waiting.delete(id);
        signal?.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        leave();
        reject(signal?.reason);
      };
      const onEnd = (ended: TaskStatus | Error): void => {
        leave();
        if (ended instanceof Error) reject(ended);
        else resolve(ended);
      };
      listeners.add(onEnd);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#parts.pulse.beat();
      this.#loop ??= this.#ask().finally(() => {
        this.#loop = undefined;
      });
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("the queue is closed"));
    await this.#loop;
    this.#tellAll(new TypeError("The queue was closed while a task was waited for"));
  }

  async #ask(): Promise<void> {
    const { clock, pulse, readEnded } = this.#parts;
    let untilMs = clock.now() + patienceMs;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      const startedMs = clock.now();
      try {
        const ids = [...this.#waiting.keys()];
        let found = 0;
        for (let at = 0; at < ids.length; at += atOnce) {
          for (const status of await readEnded(ids.slice(at, at + atOnce))) {
            found += 1;
            for (const onEnd of [...(this.#waiting.get(status.id) ?? [])]) onEnd(status);
          }
        }
        untilMs = clock.now() + patienceMs;
        if (found > 0) pulse.beat();
      } catch (error) {
        if (!isConnectionFailure(error) || clock.now() > untilMs) {
          this.#tellAll(error instanceof Error ? error : new Error(String(error)));
          return;
        }
      }
      // A question about very many takes its time, in which the database does no work: most of it is left for that.
      const restMs = Math.min(longestMs, Math.max(leastRestMs, restShare * (clock.now() - startedMs)));
      await clock.sleep(restMs, this.#stop.signal).catch(() => undefined);
      await pulse.wait(this.#stop.signal);
    }
  }

  #tellAll(error: Error): void {
    for (const listeners of [...this.#waiting.values()]) for (const onEnd of [...listeners]) onEnd(error);
  }
}
