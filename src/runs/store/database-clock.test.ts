import { expect, test } from "vitest";
import type { Bound } from "./bound.ts";
import { databaseClock } from "./database-clock.ts";

const showing = (ms: () => number) => ({ query: async () => [{ ms: ms() }] }) as unknown as Bound;

test("machines whose clocks differ have the time of the database", async () => {
  const slow = await databaseClock(
    showing(() => 1_000_000),
    () => 400_000,
  );
  const fast = await databaseClock(
    showing(() => 1_000_000),
    () => 7_000_000,
  );
  expect([slow.now(), fast.now()]).toEqual([1_000_000, 1_000_000]);
});

test("a difference that is no more than the way to the database is none", async () => {
  let nowMs = 1_000;
  const clock = await databaseClock(
    showing(() => 1_090),
    () => {
      nowMs += 60;
      return nowMs;
    },
  );
  nowMs = 2_000;
  expect(clock.now()).toBe(2_060);
});

test("a clock that is set while a worker runs is compared anew, and one that only seems to have moved stays", async () => {
  let [hereMs, thereMs] = [500_000, 500_000];
  const clock = await databaseClock(
    showing(() => thereMs),
    () => hereMs,
  );
  expect(clock.now()).toBe(500_000);
  // somebody sets ours an hour ahead
  hereMs += 3_600_000;
  await clock.measure();
  expect(clock.now()).toBe(500_000);
  thereMs += 40;
  await clock.measure();
  expect(clock.now()).toBe(500_000);
  // and back again
  hereMs -= 3_600_000;
  thereMs -= 40;
  await clock.measure();
  expect(clock.now()).toBe(500_000);
});

test("a slow answer, which tells the time badly, changes no difference that is known better", async () => {
  let [hereMs, thereMs, wayMs] = [0, 100_000, 0];
  const clock = await databaseClock(
    showing(() => {
      hereMs += wayMs;
      thereMs += wayMs;
      return thereMs;
    }),
    () => hereMs,
  );
  wayMs = 8_000;
  await clock.measure();
  expect(clock.now() - thereMs).toBe(0);
});
