/** The clock jumps: what is current is decided by the server, nothing becomes fresh for ever, and nobody who lives loses anything. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Bench, noise, openBench, readAll, readText, unreachable } from "../../tests/cache-bench.ts";
import { openNodeDisk } from "../disk/index.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const beginning = Date.UTC(2026, 10, 22);

const jumps: readonly [string, number][] = [
  ["a quarter of an hour ahead", 15 * minuteMs],
  ["a quarter of an hour back", -15 * minuteMs],
  ["a day ahead", dayMs],
  ["a day back", -dayMs],
  ["to 1970", -beginning],
  ["to 2038", 2 ** 31 * 1000 - beginning],
];

async function openAt(nowMs: number): Promise<Bench> {
  const bench = await openBench();
  bench.clock.nowMs = nowMs;
  return bench;
}

describe.each(jumps)("when it jumps %s", (_, jumpMs) => {
  test("what the server has is what is read, and without maxAge it is asked every time", async () => {
    const { cached, put, clock, wire } = await openAt(beginning);
    await put("a", "old");
    await readText(cached, "a");
    clock.nowMs += jumpMs;
    wire.take();
    expect(await readText(cached, "a")).toBe("old");
    await put("a", "new");
    expect(await readText(cached, "a")).toBe("new");
    clock.nowMs -= jumpMs;
    expect(await readText(cached, "a")).toBe("new");
    expect(wire.take()).toHaveLength(3);
  });

  test("a copy within maxAge is never believed for longer than that by the clock that is", async () => {
    const { wrap, put, clock, wire } = await openAt(beginning);
    const trusting = wrap({ maxAgeMs: hourMs });
    await put("a", "old");
    await readText(trusting, "a");
    clock.nowMs += jumpMs;
    await put("a", "new");
    const isWithin = jumpMs > 0 && jumpMs < hourMs;
    expect(await readText(trusting, "a")).toBe(isWithin ? "old" : "new");
    clock.nowMs += hourMs;
    await readText(trusting, "a");
    await put("a", "newest");
    clock.nowMs += hourMs;
    expect(await readText(trusting, "a")).toBe("newest");
    wire.take();
    await readText(trusting, "a");
    // and is believed again for as long as it should be
    expect(wire.take()).toEqual([]);
  });

  test("a copy of unknown age is not said to be from the future", async () => {
    const { cached, put, clock, wire, stale } = await openAt(beginning);
    await put("a", "1");
    await readText(cached, "a");
    clock.nowMs += jumpMs;
    wire.down = unreachable();
    expect(await readText(cached, "a")).toBe("1");
    expect(stale.map(({ ageMs }) => ageMs)).toEqual([Math.max(0, jumpMs)]);
  });

  test("an origin that was left alone is asked again", async () => {
    const { cached, put, clock, wire } = await openAt(beginning);
    await put("a", "1");
    await readText(cached, "a");
    wire.down = unreachable();
    await readText(cached, "a");
    wire.down = undefined;
    clock.nowMs += jumpMs;
    wire.take();
    await readText(cached, "a");
    expect(wire.take()).toHaveLength(1);
  });

  test("what a process holds stays, whoever's clock it is", async () => {
    const { cached, put, reopen } = await openAt(Date.now());
    await put("a", "held");
    const held = await cached.hold("a");
    const other = reopen({ now: () => Date.now() + jumpMs, disk: openNodeDisk({ now: () => Date.now() + jumpMs }) });
    for (let times = 0; times < 2; times += 1) {
      await other.clear();
      await other.prune({ maxBytes: 0, olderThanMs: 1, unusedForMs: 1 });
      await other.verify({ repair: true });
      expect(await readFile(held.path, "utf8")).toBe("held");
    }
    await held.close();
  });

  test("what is on its way arrives, whoever cleans up meanwhile", async () => {
    const bench = await openAt(Date.now());
    const { cached, put, reopen, wrap } = bench;
    await put("large.bin", noise(2_000_000));
    const other = reopen({ now: () => Date.now() + jumpMs, disk: openNodeDisk({ now: () => Date.now() + jumpMs }) });
    let pieces = 0;
    await cached.read("large.bin", {
      start: () => undefined,
      write: async () => {
        pieces += 1;
        if (pieces % 8 !== 4) return;
        await other.prune({ maxBytes: 1e9 });
        await other.verify({ repair: true });
      },
    });
    expect(pieces).toBeGreaterThan(8);
    expect(await readAll(wrap({ network: "offline" }), "large.bin")).toHaveLength(2_000_000);
    expect(bench.warnings).toEqual([]);
  });
});

test("what was kept while the clock was wrong is pruned like anything else once it is right", async () => {
  const { cached, put, clock, cache } = await openAt(2 ** 31 * 1000);
  await put("a", "1");
  await readText(cached, "a");
  await cache.close();
  clock.nowMs = beginning;
  await readText(cached, "a");
  await cache.close();
  clock.nowMs += 40 * dayMs;
  expect(await cache.prune({ unusedForMs: 30 * dayMs })).toMatchObject({ objects: 1 });
});
