import { expect, test } from "vitest";
import type { Sql } from "../../queue/index.ts";
import { databaseClock } from "./database-clock.ts";

const showing = (ms: number) => ({ query: async () => [{ ms }] }) as unknown as Sql;

test("machines whose clocks differ have the time of the database", async () => {
  const slow = await databaseClock(showing(1_000_000), () => 400_000);
  const fast = await databaseClock(showing(1_000_000), () => 7_000_000);
  expect([slow(), fast()]).toEqual([1_000_000, 1_000_000]);
});

test("a difference that is no more than the way to the database is none", async () => {
  let nowMs = 1_000;
  const clock = await databaseClock(showing(1_090), () => {
    nowMs += 60;
    return nowMs;
  });
  nowMs = 2_000;
  expect(clock()).toBe(2_060);
});
