/** Waits for tasks to end: one question for all that are waited for. */
import { EntrepotError } from "../../error/index.ts";
import type { Clock } from "../clock.ts";
import { isConnectionFailure } from "../database/failure.ts";
import { Aborts } from "./aborts.ts";
import { longestMs, type Pulse } from "./pulse.ts";
import type { TaskStatus } from "./task.ts";
import { patienceMs } from "./until-answered.ts";

export interface WaitingParts {
  readonly clock: Clock;
  readonly pulse: Pulse;
  readonly readEnded: (ids: readonly string[]) => Promise<readonly TaskStatus[]>;
  readonly readKnown: (ids: readonly string[]) => Promise<readonly string[]>;
}

/** So many ids in one question. */
const atOnce = 1000;
/** Between questions, milliseconds; and how many times as long as the last one took. */
const leastRestMs = 10;
const restShare = 6;
/** Whether a task is still there is asked at first, and then so often, milliseconds: those of long ago are forgotten. */
const knownMs = 60_000;

interface Awaited {
  readonly listeners: Set<(ended: TaskStatus | Error) => void>;
  /** When it was last known to be there. */
  knownMs: number;
}

export class Waiting {
  readonly #parts: WaitingParts;
  readonly #waiting = new Map<string, Awaited>();
  readonly #aborts = new Aborts();
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(parts: WaitingParts) {
    this.#parts = parts;
  }

  /** Rejects with `signal.reason`, with not-found, and as the database does when it is away for long. */
  wait(id: string, signal: AbortSignal | undefined): Promise<TaskStatus> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const awaited = this.#waiting.get(id) ?? { listeners: new Set(), knownMs: Number.NEGATIVE_INFINITY };
      this.#waiting.set(id, awaited);
      const leave = (): void => {
        awaited.listeners.delete(onEnd);
        if (awaited.listeners.size === 0) this.#waiting.delete(id);
        if (signal !== undefined) this.#aborts.leave(signal, onAbort);
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
      awaited.listeners.add(onEnd);
      if (signal !== undefined) this.#aborts.join(signal, onAbort);
      this.#parts.pulse.beat();
      this.#start();
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("the queue is closed"));
    await this.#loop;
    this.#tellAll(new TypeError("The queue was closed while a task was waited for"));
  }

  #start(): void {
    this.#loop ??= this.#ask().finally(() => {
      this.#loop = undefined;
      // whoever came between its last look and now
      if (this.#waiting.size > 0 && !this.#stop.signal.aborted) this.#start();
    });
  }

  async #ask(): Promise<void> {
    const { clock, pulse } = this.#parts;
    let untilMs = clock.now() + patienceMs;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      const startedMs = clock.now();
      try {
        if ((await this.#round()) > 0) pulse.beat();
        untilMs = clock.now() + patienceMs;
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

  /** Tells those whose tasks ended, or are not there; how many there were. */
  async #round(): Promise<number> {
    const { clock, readEnded, readKnown } = this.#parts;
    const nowMs = clock.now();
    let told = 0;
    const ids = [...this.#waiting.keys()];
    for (let at = 0; at < ids.length; at += atOnce) {
      for (const status of await readEnded(ids.slice(at, at + atOnce))) {
        told += 1;
        this.#tell(status.id, status);
      }
    }
    const doubtful = ids.filter((id) => nowMs - (this.#waiting.get(id)?.knownMs ?? nowMs) >= knownMs);
    for (let at = 0; at < doubtful.length; at += atOnce) {
      const asked = doubtful.slice(at, at + atOnce);
      const known = new Set(await readKnown(asked));
      for (const id of asked) {
        const awaited = this.#waiting.get(id);
        if (awaited !== undefined && known.has(id)) awaited.knownMs = nowMs;
        if (known.has(id)) continue;
        told += 1;
        this.#tell(id, unknown(id));
      }
    }
    return told;
  }

  #tell(id: string, ended: TaskStatus | Error): void {
    for (const onEnd of [...(this.#waiting.get(id)?.listeners ?? [])]) onEnd(ended);
  }

  #tellAll(error: Error): void {
    for (const id of [...this.#waiting.keys()]) this.#tell(id, error);
  }
}

function unknown(id: string): EntrepotError {
  return new EntrepotError("not-found", `the queue knows no task ${id}`, {
    hint: "a task is forgotten seven days after its end; one that is sent within a transaction is there when that is committed",
  });
}
