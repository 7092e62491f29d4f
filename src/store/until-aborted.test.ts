import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { untilAborted } from "./until-aborted.ts";

const never = new Promise<never>(() => undefined);

it("however many wait under one signal, it has one listener, and none when all is done", async () => {
  const { signal } = new AbortController();
  const waiting = Array.from({ length: 40 }, (_, index) => untilAborted(Promise.resolve(index), signal));
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  expect((await Promise.all(waiting)).at(-1)).toBe(39);
  await new Promise(setImmediate);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

it("who gives up waits no longer, each with the signal's reason", async () => {
  const controller = new AbortController();
  const waiting = [untilAborted(never, controller.signal), untilAborted(never, controller.signal)];
  controller.abort(new Error("enough"));
  for (const one of waiting) await expect(one).rejects.toThrow("enough");
  await expect(untilAborted(never, controller.signal)).rejects.toThrow("enough");
});
