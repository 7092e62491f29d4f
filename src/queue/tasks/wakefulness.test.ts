import { expect, test } from "vitest";
import { Wakefulness } from "./wakefulness.ts";

/** Two clocks: one that stands still while the machine sleeps, and the date. */
function awake(silentMs = 10_000) {
  const at = { nowMs: 0, dateMs: 1_000_000 };
  const wakefulness = new Wakefulness({ now: () => at.nowMs }, silentMs, () => at.dateMs);
  const pass = (ms: number, dateMs = ms) => {
    at.nowMs += ms;
    at.dateMs += dateMs;
    wakefulness.tick();
    return wakefulness.isLong;
  };
  return { wakefulness, pass, at };
}

test("it is long once the whole time has passed, without a pause of more than half of it", () => {
  const { pass } = awake();
  expect([pass(5_000), pass(4_999), pass(1), pass(5_000)]).toEqual([false, false, true, true]);
  expect([pass(5_001), pass(5_000), pass(4_999), pass(1)]).toEqual([false, false, false, true]);
});

test("a machine that slept, whose clock stood still, was not awake; a date that was set back is no pause", () => {
  const { pass } = awake();
  expect([pass(5_000), pass(5_000), pass(10, 3_600_000), pass(5_000), pass(5_000)]).toEqual([
    ...[false, true],
    ...[false, false, true],
  ]);
  expect(pass(1_000, -3_600_000)).toBe(true);
});

test("a database that fails, or takes long to answer, was away until then", async () => {
  const { wakefulness, pass, at } = awake();
  expect([pass(5_000), pass(5_000)]).toEqual([false, true]);
  expect(await wakefulness.answered(async () => "answer")).toBe("answer");
  expect(wakefulness.isLong).toBe(true);
  await wakefulness.answered(async () => {
    at.nowMs += 5_001;
  });
  expect(wakefulness.isLong).toBe(false);
  at.dateMs += 5_001;
  expect([pass(5_000), pass(5_000)]).toEqual([false, false]);
  expect([pass(5_000), pass(5_000)]).toEqual([true, true]);
  await expect(wakefulness.answered(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(wakefulness.isLong).toBe(false);
});
