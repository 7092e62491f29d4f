/**
 * A process that has too many files open waits for a while: what it does beside this closes some. Only then is it an error.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { errnoOf } from "./errors.ts";

/** Together a second and a half: longer, a read would rather go on without what it waits for. Milliseconds. */
const pausesMs: readonly number[] = [5, 10, 20, 40, 80, 160, 320, 640];

export type Pause = (ms: number) => Promise<void>;

export const pause: Pause = async (ms) => void (await sleep(ms, undefined, { ref: true }));

/** Goes on with an operation that failed with `error`, for as long as that is the reason. Errors: the operation's own. */
export async function goOn<T>(error: unknown, operation: () => T | Promise<T>, wait: Pause): Promise<T> {
  let last = error;
  for (const ms of pausesMs) {
    if (!["EMFILE", "ENFILE"].includes(errnoOf(last) ?? "")) break;
    await wait(ms);
    try {
      return await operation();
    } catch (reason) {
      last = reason;
    }
  }
  throw last;
}
