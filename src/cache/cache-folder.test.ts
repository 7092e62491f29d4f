/** One folder that is opened more than once in a process, with other limits or by another name. */
import { readFile, symlink } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Bench, bytesOf, noise, openBench, readAll, readText } from "../../tests/cache-bench.ts";
import { openNodeDisk } from "../disk/index.ts";
import type { EntrepotError } from "../error/index.ts";
import type { Cache } from "./index.ts";

async function otherName(bench: Bench): Promise<Cache> {
  await symlink(bench.dir, `${bench.dir}-link`);
  return bench.reopen({ dir: `${bench.dir}-link` });
}

describe.each<[string, (bench: Bench) => Cache | Promise<Cache>]>([
  ["by another view", ({ cache }) => cache.with({ maxBytes: 1_000, mode: 0o660 })],
  ["by another opening", ({ reopen }) => reopen({ maxBytes: 1_000 })],
  ["by an opening with a slash too many", ({ reopen, dir }) => reopen({ dir: `${dir}//` })],
  ["by an opening under another name", otherName],
])("what is held is not taken away %s", (_, open) => {
  test.each<[string, (other: Cache) => Promise<unknown>]>([
    ["prune", (other) => other.prune({ maxBytes: 0 })],
    ["clear", (other) => other.clear()],
    ["a clear that only tells", (other) => other.clear(undefined, { dryRun: true })],
  ])("%s", async (_name, act) => {
    const bench = await openBench();
    await bench.put("a", "old");
    const held = await bench.cached.hold("a");
    const other = await open(bench);
    expect(await act(other)).toEqual({ objects: 0, sizeBytes: 0 });
    expect(await readFile(held.path, "utf8")).toBe("old");
    await held.close();
    expect((await other.clear()).objects).toBe(1);
    await expect(readFile(held.path)).rejects.toThrow("ENOENT");
  });

  test("a new version", async () => {
    const bench = await openBench();
    await bench.put("a", "old");
    const held = await bench.cached.hold("a");
    await bench.put("a", "new");
    const other = await open(bench);
    expect(await readText(bench.wrap({}, other), "a")).toBe("new");
    await other.close();
    expect(await readFile(held.path, "utf8")).toBe("old");
    await held.close();
  });

  test("the bound of the other", async () => {
    const bench = await openBench();
    await bench.put("a", noise(10_000));
    const held = await bench.cached.hold("a");
    const other = (await open(bench)).with({ maxBytes: 11_000 });
    await bench.put("b", noise(9_000));
    await readAll(bench.wrap({}, other), "b");
    await other.close();
    expect(await readFile(held.path)).toHaveLength(10_000);
    await held.close();
    await bench.put("c", noise(9_000));
    await readAll(bench.wrap({}, other), "c");
    await other.close();
    await expect(readFile(held.path)).rejects.toThrow("ENOENT");
  });
});

test("what was taken away while two held it goes with the last of them", async () => {
  const { cached, cache, wrap, reopen, put } = await openBench();
  await put("a", "old");
  const other = reopen();
  const [first, second] = [await cached.hold("a"), await wrap({}, other).hold("a")];
  await put("a", "new");
  await readText(cached, "a");
  await first.close();
  expect(await readFile(second.path, "utf8")).toBe("old");
  await second.close();
  await cache.close();
  await expect(readFile(second.path)).rejects.toThrow("ENOENT");
});

test("a view keeps to its own bound, and one without a bound to none", async () => {
  const { cache, wrap, put } = await openBench();
  const bounded = cache.with({ maxBytes: 25_000 });
  for (const key of ["a", "b", "c", "d"]) {
    await put(key, noise(10_000));
    await readAll(wrap({}, cache), key);
  }
  await cache.close();
  expect(await cache.stats()).toMatchObject({ objects: 4, maxBytes: undefined });
  await put("e", noise(10_000));
  await readAll(wrap({}, bounded), "e");
  await cache.close();
  expect((await bounded.stats()).sizeBytes).toBeLessThanOrEqual(25_000);
  expect((await bounded.stats()).maxBytes).toBe(25_000);
});

test("every new view with the same bound goes on with the same total", async () => {
  const { cache, wrap, put, reopen } = await openBench();
  const disk = openNodeDisk();
  let walks = 0;
  const { readFolder } = disk;
  disk.readFolder = (path) => {
    if (path.endsWith("/objects/v1")) walks += 1;
    return readFolder.call(disk, path);
  };
  const counted = reopen({ disk });
  for (let index = 0; index < 20; index += 1) {
    await put(`a${index}`, noise(1_000));
    await readAll(wrap({}, counted.with({ maxBytes: 10_000_000 })), `a${index}`);
  }
  await counted.close();
  await cache.close();
  expect(walks).toBe(1);
});

test("a view whose call meets trouble is warned, once, and no other", async () => {
  const bench = await openBench({ uid: 12_345 });
  await bench.put("a", "1");
  const [mine, others]: [EntrepotError[], EntrepotError[]] = [[], []];
  const view = bench.cache.with({ onWarning: (warning) => mine.push(warning) });
  const other = bench.cache.with({ onWarning: (warning) => others.push(warning) });
  await readText(bench.wrap({}, bench.reopen({ uid: undefined })), "a");
  for (const cached of [bench.wrap({}, view), bench.wrap({}, view)]) await readText(cached, "a");
  expect(mine.map(({ code }) => code)).toEqual(["misconfigured"]);
  expect(others).toEqual([]);
  await readText(bench.wrap({}, other), "a");
  expect(others.map(({ code }) => code)).toEqual(["misconfigured"]);
  expect(mine).toHaveLength(1);
});

test("a read through one opening does not put back what a write through another replaced", async () => {
  const { cached, wrap, reopen, put } = await openBench();
  await put("a", "old");
  let release: () => void = () => undefined;
  const stalled = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const early = cached.read("a", { start: () => begun(), write: () => stalled });
  await beginning;
  const other = reopen();
  await wrap({}, other).write("a", bytesOf("new"));
  release();
  await early;
  expect(await readText(wrap({ network: "offline" }, other), "a")).toBe("new");
});
