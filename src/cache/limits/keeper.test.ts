/** The bound of the cache. */
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
