/** Who knows the newest. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, openBench, readText } from "../../tests/cache-bench.ts";
import { Changes } from "./changes.ts";

test("a read is not the newest once a change began or ended beside it", () => {
  const changes = new Changes();
  const before = changes.beginRead("a");
  const elsewhere = changes.beginRead("b");
  const change = changes.beginChange("a");
  const during = changes.beginRead("a");
  expect([before.isNewest(), during.isNewest(), elsewhere.isNewest()]).toEqual([false, true, true]);
  change.end();
  expect([during.isNewest(), change.isNewest(), changes.beginRead("a").isNewest()]).toEqual([false, true, true]);
});

test("of two changes that overlap neither is the newest, whichever ends first", () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    const changes = new Changes();
    const both = [changes.beginChange("a"), changes.beginChange("a")];
    for (const index of order) both[index]?.end();
    expect(both.map((change) => change.isNewest())).toEqual([false, false]);
  }
});

describe("in every order of reads, writes and deletes", () => {
  test("what is left offline is what the server has, or nothing", async () => {
    const plans = fc.array(fc.constantFrom("read", "write", "delete", "hold"), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, async (s, plan) => {
        const { cached, wired, wrap, store, put } = await openBench();
        await put("a", "0");
        for (const method of ["read", "write", "delete"] as const) {
          const call = wired[method] as (...args: unknown[]) => Promise<unknown>;
          Object.assign(wired, {
            [method]: async (...args: unknown[]) => {
              await s.schedule(Promise.resolve(), `${method} leaves`);
              const result = await call(...args);
              await s.schedule(Promise.resolve(), `${method} arrives`);
              return result;
            },
          });
        }
        const ends = plan.map(async (action, index) => {
          await s.schedule(Promise.resolve(), `${action} ${index} begins`);
          if (action === "write") await cached.write("a", bytesOf(String(index + 1)));
          else if (action === "delete") await cached.delete("a");
          else if (action === "read") await readText(cached, "a");
          else await (await cached.hold("a")).close();
        });
        await s.waitFor(Promise.allSettled(ends));
        const there = await readText(store as typeof cached, "a").catch(() => "gone");
        const here = await readText(wrap({ network: "offline" }), "a").catch(() => "not-cached");
        expect([there, "not-cached"]).toContain(here);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
