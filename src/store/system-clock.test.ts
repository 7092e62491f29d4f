import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { systemClock } from "./system-clock.ts";

test("hundreds who wait under one signal add one listener to it, and leave none", async () => {
  const stop = new AbortController();
  const waiting = Array.from({ length: 200 }, () => systemClock.sleep(3_600_000, stop.signal));
  const soon = systemClock.sleep(0, stop.signal);
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(1);
  await soon;
  stop.abort(new Error("enough"));
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.every((outcome) => outcome.status === "rejected" && outcome.reason === stop.signal.reason)).toBe(
    true,
  );
  await expect(systemClock.sleep(0, stop.signal)).rejects.toBe(stop.signal.reason);
});

test("who has waited listens no more", async () => {
  const stop = new AbortController();
  await systemClock.sleep(0, stop.signal);
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
});
