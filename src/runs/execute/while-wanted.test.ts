import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { whileWanted } from "./while-wanted.ts";

/** A clock whose sleep ends when it is told to. */
function world() {
  const asked: number[] = [];
  let wake: () => void = () => undefined;
  const clock = {
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        asked.push(ms);
        wake = resolve;
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
  };
  const stop = new AbortController();
  let done: (value: string) => void = () => undefined;
  let seen: AbortSignal | undefined;
  const work = (signal: AbortSignal): Promise<string> => {
    seen = signal;
    return new Promise((resolve, reject) => {
      done = resolve;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
  const result = whileWanted(work, stop.signal, { clock, graceMs: 5_000 });
  return { stop, asked, result, done: (value: string) => done(value), wake: () => wake(), seen: () => seen };
}

test("what nobody listens to any more ends at once", async () => {
  const { stop, result, asked } = world();
  stop.abort("fenced");
  await expect(result).rejects.toThrow("nobody waits for the outputs");
  expect(asked).toEqual([]);
});

test("a worker that stops waits for its grace, and no longer", async () => {
  const { stop, result, asked, wake, seen } = world();
  stop.abort("released");
  expect([asked, seen()?.aborted]).toEqual([[5_000], false]);
  wake();
  await expect(result).rejects.toThrow("nobody waits for the outputs");
});

test("what is done within the grace counts, and nothing listens afterwards", async () => {
  const { stop, result, done, seen } = world();
  stop.abort("released");
  done("listed");
  expect(await result).toBe("listed");
  expect(seen()?.aborted).toBe(false);
  const other = world();
  other.done("listed");
  await other.result;
  expect(getEventListeners(other.stop.signal, "abort")).toEqual([]);
});
