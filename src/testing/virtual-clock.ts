/** A clock for tests: the delays of faults pass at once, or when the test says so, and never in real time. */
import type { ServerClock } from "../server/index.ts";

export interface VirtualClockOptions {
  /** Milliseconds since 1970. Default: now. */
  readonly startMs?: number | undefined;
  /** Sleepers wait for `advance()`. Default false: they wake at once, and it is as late then as they wanted to sleep. */
  readonly byHand?: boolean | undefined;
}

export interface VirtualClock extends ServerClock {
  /** What every sleeper asked for, in order, in milliseconds. */
  readonly slept: readonly number[];
  /** How many sleep now. */
  readonly sleeping: number;
  /** Lets time pass and wakes those whose time has come. RangeError for less than nothing. */
  advance(ms: number): void;
  /** Resolves when so many sleep; by hand only. */
  whenSleeping(count?: number): Promise<void>;
}

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** Give it to `startS3Server({ clock })`. */
export function virtualClock({ startMs, byHand = false }: VirtualClockOptions = {}): VirtualClock {
  let nowMs = startMs ?? Date.now();
  const slept: number[] = [];
  const sleepers = new Set<Sleeper>();
  const watchers = new Set<() => void>();
  return {
    slept,
    get sleeping() {
      return sleepers.size;
    },
    now: () => nowMs,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`time does not go back: advance(${ms})`);
      nowMs += ms;
      for (const sleeper of [...sleepers].sort((a, b) => a.untilMs - b.untilMs)) {
        if (sleeper.untilMs <= nowMs) sleeper.wake();
      }
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
      if (!byHand) {
        nowMs += ms;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const sleeper = { untilMs: nowMs + ms, wake: () => end(resolve) };
        const abort = () => end(() => reject(signal.reason));
        const end = (settle: () => void) => {
          sleepers.delete(sleeper);
          signal.removeEventListener("abort", abort);
          settle();
        };
        sleepers.add(sleeper);
        signal.addEventListener("abort", abort);
        for (const watcher of [...watchers]) watcher();
      });
    },
    whenSleeping(count = 1) {
      return new Promise((resolve) => {
        const look = () => {
          if (sleepers.size < count) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      });
    },
  };
}
