/** What a cache with limits does by itself. */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noise, openBench, readAll } from "../../../tests/cache-bench.ts";
import { openNodeDisk } from "../../disk/index.ts";

test("the cache stays below its bound; what was used last stays longest", async () => {
  const { cached, cache, put, clock } = await openBench({ maxBytes: 100_000 });
  const kept = "kept";
  await put(kept, noise(10_000));
  for (let index = 0; index < 40; index += 1) {
    clock.nowMs += 61_000;
    await readAll(cached, kept);
    await put(`a${index}`, noise(10_000, index + 1));
    await readAll(cached, `a${index}`);
    await cache.close();
    expect((await cache.stats()).sizeBytes).toBeLessThanOrEqual(100_000);
  }
  expect(await cached.pathOf(kept)).toBeDefined();
  expect(await cached.pathOf("a39")).toBeDefined();
  expect(await cached.pathOf("a0")).toBeUndefined();
});

test("what is held stays, also above the bound", async () => {
  const { cached, cache, put } = await openBench({ maxBytes: 25_000 });
  const held = [];
  for (const key of ["a", "b", "c", "d"]) {
    await put(key, noise(10_000));
    held.push(await cached.hold(key));
    await cache.close();
  }
  expect((await cache.stats()).objects).toBe(4);
  for (const copy of held) await copy.close();
  await put("e", noise(10_000));
  await readAll(cached, "e");
  await cache.close();
  expect((await cache.stats()).sizeBytes).toBeLessThanOrEqual(25_000);
});

test("an object larger than the cache is read, and empties nothing", async () => {
  const { cached, cache, put } = await openBench({ maxBytes: 25_000 });
  await put("small", noise(10_000));
  await put("large", noise(30_000));
  await readAll(cached, "small");
  expect(Buffer.compare(await readAll(cached, "large"), noise(30_000))).toBe(0);
  await cached.write("large", noise(30_000, 2));
  await cache.close();
  expect(await cached.pathOf("small")).toBeDefined();
  expect(await cached.pathOf("large")).toBeUndefined();
});

test("an insert does not walk the folders", async () => {
  const disk = openNodeDisk();
  let walks = 0;
  const { readFolder } = disk;
  disk.readFolder = (path) => {
    if (path.endsWith("/objects/v1")) walks += 1;
    return readFolder.call(disk, path);
  };
  const { cached, cache, put } = await openBench({ maxBytes: 10_000_000, disk });
  for (let index = 0; index < 100; index += 1) {
    await put(`a${index}`, noise(1_000));
    await readAll(cached, `a${index}`);
  }
  await cache.close();
  expect(walks).toBe(1);
});

const day = 86_400_000;

test("the cache stays below its number of objects", async () => {
  const { cached, cache, put } = await openBench({ maxObjects: 10 });
  for (let index = 0; index < 30; index += 1) {
    await put(`a${index}`, "x");
    await readAll(cached, `a${index}`);
    await cache.close();
    expect((await cache.stats()).objects).toBeLessThanOrEqual(10);
  }
  expect(await cached.pathOf("a29")).toBeDefined();
});

test("what another process added counts, also when it knows no limit itself", async () => {
  const { cached, cache, put, reopen, wrap, clock } = await openBench({ maxBytes: 100_000 });
  const other = reopen({ maxBytes: undefined });
  const unlimited = wrap({}, other);
  await put("first", noise(10_000));
  await readAll(cached, "first");
  await cache.close();
  for (let index = 0; index < 20; index += 1) {
    await put(`a${index}`, noise(10_000, index + 2));
    await readAll(unlimited, `a${index}`);
  }
  expect((await other.stats()).sizeBytes).toBe(210_000);
  clock.nowMs += 61_000;
  await put("last", noise(1_000));
  await readAll(cached, "last");
  await cache.close();
  expect((await cache.stats()).sizeBytes).toBeLessThanOrEqual(100_000);
  expect(await cached.pathOf("last")).toBeDefined();
});

test("where there is no limit nothing is counted", async () => {
  const { cached, cache, put, dir } = await openBench();
  await put("a", "x");
  await readAll(cached, "a");
  await cache.close();
  expect(await readdir(join(dir, "objects", "v1"))).not.toContain("usage");
});

test("sums that are damaged, or that somebody removed, are found again", async () => {
  const { cached, cache, put, dir, reopen, wrap } = await openBench({ maxBytes: 100_000 });
  const usage = join(dir, "objects", "v1", "usage");
  const damages = [
    () => rm(usage, { recursive: true }),
    async () => {
      for (const name of await readdir(usage)) await writeFile(join(usage, name), "nothing of ours");
    },
  ];
  for (const [index, damage] of damages.entries()) {
    for (let step = 0; step < 8; step += 1) {
      await put(`${index}-${step}`, noise(10_000, step + 1));
      await readAll(cached, `${index}-${step}`);
    }
    await cache.close();
    await damage();
    const next = reopen();
    for (let step = 0; step < 5; step += 1) {
      await put(`${index}+${step}`, noise(10_000, step + 20));
      await readAll(wrap({}, next), `${index}+${step}`);
    }
    await next.close();
    expect((await next.stats()).sizeBytes).toBeLessThanOrEqual(100_000);
  }
});

test("limits of age act once an hour, when the server has answered, and not offline", async () => {
  const { cached, cache, put, clock, wrap } = await openBench({ unusedForMs: 30 * day });
  for (const key of ["old", "young"]) {
    await put(key, key);
    await readAll(cached, key);
    await cache.close();
    clock.nowMs += 10 * day;
  }
  await readAll(cached, "young");
  await cache.close();
  clock.nowMs += 13 * day;
  await readAll(wrap({ network: "offline" }), "young");
  await cache.close();
  expect((await cache.stats()).objects).toBe(2);
  await readAll(cached, "young");
  await cache.close();
  expect(await cached.pathOf("old")).toBeUndefined();
  expect(await cached.pathOf("young")).toBeDefined();
});

test("a clock that jumps ahead takes away nothing that was used lately, and one that goes back nothing at all", async () => {
  const { cached, cache, put, clock } = await openBench({ olderThanMs: 30 * day, unusedForMs: 30 * day });
  const before = clock.nowMs;
  for (const [index, nowMs] of [before, before + 12 * 365 * day, before - 50 * 365 * day, before].entries()) {
    clock.nowMs = nowMs;
    await put(`a${index}`, "x");
    await readAll(cached, `a${index}`);
    await cache.close();
    expect((await cache.stats()).objects).toBe(index + 1);
  }
});

test("so much stays free on the disk; when that cannot be had there is one warning, and nothing is kept", async () => {
  const disk = openNodeDisk();
  let others = 0;
  const { cached, cache, put, warnings, clock } = await openBench({ minFreeBytes: 50_000, disk });
  disk.freeBytes = async () => 200_000 - others - (await cache.stats()).sizeBytes;
  for (let index = 0; index < 30; index += 1) {
    clock.nowMs += 11_000;
    await put(`a${index}`, noise(10_000, index + 1));
    await readAll(cached, `a${index}`);
    await cache.close();
    expect(await disk.freeBytes(".")).toBeGreaterThanOrEqual(50_000);
  }
  const { objects } = await cache.stats();
  expect(objects).toBeGreaterThan(10);
  expect(warnings).toEqual([]);
  others = 180_000;
  for (let index = 0; index < 5; index += 1) {
    clock.nowMs += 11_000;
    await put(`b${index}`, noise(10_000, index + 1));
    expect(await readAll(cached, `b${index}`)).toHaveLength(10_000);
    await cache.close();
  }
  // An empty cache would not help, so none of it goes, and little new comes.
  const kept = (await cache.stats()).objects;
  expect(kept).toBeGreaterThanOrEqual(objects);
  expect(kept).toBeLessThanOrEqual(objects + 1);
  expect(warnings.map(({ code }) => code)).toEqual(["no-space"]);
  others = 0;
  for (let index = 0; index < 2; index += 1) {
    clock.nowMs += 11_000;
    await readAll(cached, `b${index}`);
    await cache.close();
  }
  expect((await cache.stats()).objects).toBeGreaterThan(0);
});
