/** What is in the cache, whether it is still right, and taking it out again. */
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Bench, noise, openBench, readText } from "../../tests/cache-bench.ts";
import { nodeFsOperations, openNodeDisk } from "../disk/index.ts";
import type { CacheEntry, RemovalOptions, Usage } from "./index.ts";
import type { Stuck } from "./prune.ts";

async function filled(keys: readonly string[]): Promise<Bench> {
  const bench = await openBench();
  for (const key of keys) {
    await bench.put(key, noise(1_000, key.length));
    await readText(bench.cached, key);
  }
  return bench;
}

async function entries<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of list) all.push(entry);
  return all;
}

/** The addresses of what a removal tells, sorted. */
async function told(remove: (options: RemovalOptions) => Promise<Usage>): Promise<string[]> {
  const gone: string[] = [];
  const { objects } = await remove({ onEntry: ({ uri }) => gone.push(uri) });
  expect(objects).toBe(gone.length);
  return gone.sort();
}

const nothing = { objects: 0, sizeBytes: 0 };
const uris = (list: readonly { readonly uri: string }[]) => list.map(({ uri }) => uri);
const filesIn = async (dir: string) =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

describe("list and stats", () => {
  test("entries come in the order of the addresses' UTF-8 bytes, below a prefix if one is given", async () => {
    const { cache } = await filled(["b", "a/2", "a/10", "\u{1F600}", "\uFFFD", "a"]);
    expect(uris(await entries(cache.list()))).toEqual(
      ["a", "a/10", "a/2", "b", "\uFFFD", "\u{1F600}"].map((key) => `s3://bucket/${key}`),
    );
    expect(uris(await entries(cache.list("s3://bucket/a/")))).toEqual(["s3://bucket/a/10", "s3://bucket/a/2"]);
  });

  test("an address means the object there or what lies below it, not what begins alike", async () => {
    const { cache } = await filled(["run1", "run1/a", "run10/a", "run1.csv"]);
    expect(uris(await entries(cache.list("s3://bucket/run1")))).toEqual(["s3://bucket/run1", "s3://bucket/run1/a"]);
    expect(uris(await entries(cache.list("s3://bucket/run1/")))).toEqual(["s3://bucket/run1/a"]);
    expect(uris(await entries(cache.list("s3://bucket")))).toHaveLength(4);
    expect(await entries(cache.list("s3://buck"))).toEqual([]);
    expect(await told((telling) => cache.clear("s3://bucket/run1.csv", telling))).toEqual(["s3://bucket/run1.csv"]);
    expect(await told((telling) => cache.clear("s3://bucket/run1", telling))).toEqual([
      "s3://bucket/run1",
      "s3://bucket/run1/a",
    ]);
    expect(uris(await entries(cache.list()))).toEqual(["s3://bucket/run10/a"]);
  });

  test("an object's address takes its versions with it, and a version's only that one", async () => {
    const { cache, cached, wired } = await filled(["a"]);
    const { read } = wired;
    wired.read = (key, sink, options) => read(key, sink, { ...options, versionId: undefined });
    for (const versionId of ["v1", "v2"]) await readText(cached, "a", { versionId });
    const all = ["s3://bucket/a", "s3://bucket/a?versionId=v1", "s3://bucket/a?versionId=v2"];
    expect(uris(await entries(cache.list("s3://bucket/a")))).toEqual(all);
    expect(await told((telling) => cache.clear("s3://bucket/a?versionId=v2", telling))).toEqual(all.slice(2));
    expect(await told((telling) => cache.clear("s3://bucket/a", telling))).toEqual(all.slice(0, 2));
  });

  test("an entry tells its version, size, path and times", async () => {
    const { cache, cached, store, clock } = await filled(["a.csv"]);
    const [entry] = await entries(cache.list());
    expect(entry).toMatchObject({
      uri: "s3://bucket/a.csv",
      etag: (await store.stat("a.csv")).etag,
      sizeBytes: 1_000,
      path: await cached.pathOf("a.csv"),
      checkedMs: clock.nowMs,
      fetchedMs: clock.nowMs,
      pinIds: [],
    });
    expect(Math.abs((entry?.usedMs ?? 0) - clock.nowMs)).toBeLessThan(60_000);
    expect(await cache.stats()).toEqual({
      objects: 1,
      sizeBytes: 1_000,
      pinned: nothing,
      ranges: nothing,
      inUse: nothing,
    });
  });

  test("an empty cache that does not exist yet is empty", async () => {
    const { cache } = await openBench();
    expect(await entries(cache.list())).toEqual([]);
    expect(await cache.stats()).toMatchObject({ objects: 0, sizeBytes: 0 });
    expect(await cache.clear()).toEqual(nothing);
    expect(await cache.verify({ repair: true })).toEqual({ checked: { objects: 0, sizeBytes: 0 }, damaged: [] });
  });
});

describe("prune", () => {
  test("takes what was not used for longest until the rest fits", async () => {
    const { cache, cached, clock } = await filled(["a", "bb", "ccc"]);
    clock.nowMs += 120_000;
    await readText(cached, "a");
    await cache.close();
    const dry = await told((telling) => cache.prune({ maxBytes: 1_500, dryRun: true, ...telling }));
    expect((await cache.stats()).objects).toBe(3);
    const gone = await told((telling) => cache.prune({ maxBytes: 1_500, ...telling }));
    expect(gone).toEqual(["s3://bucket/bb", "s3://bucket/ccc"]);
    expect(dry).toEqual(gone);
    expect(uris(await entries(cache.list()))).toEqual(["s3://bucket/a"]);
  });

  test("goes by the time of fetching or of the last use, and by neither when a clock went back", async () => {
    const { cache, cached, clock } = await filled(["a", "b"]);
    clock.nowMs += 3_600_000;
    await readText(cached, "a");
    await cache.close();
    expect(await told((telling) => cache.prune({ unusedForMs: 1_800_000, ...telling }))).toEqual(["s3://bucket/b"]);
    expect(await cache.prune({ olderThanMs: 3_600_000 })).toEqual(nothing);
    clock.nowMs -= 86_400_000;
    expect(await cache.prune({ olderThanMs: 0, unusedForMs: 0 })).toEqual(nothing);
    clock.nowMs += 86_400_000 + 1_000;
    expect(await told((telling) => cache.prune({ olderThanMs: 3_600_000, ...telling }))).toEqual(["s3://bucket/a"]);
  });

  test("takes old files that belong to nothing, and leaves what somebody may be about to publish", async () => {
    const { cache, cached, dir } = await filled(["a"]);
    const path = (await cached.pathOf("a")) ?? "";
    const shard = join(path, "..");
    const old = new Date(Date.now() - 7_200_000);
    const orphan = path.replace(/-[0-9a-f]{16}$/, "-0123456789abcdef");
    const pending = (digit: string) => join(shard, `.entrepot-${digit.repeat(32)}.tmp`);
    for (const file of [orphan, pending("1"), pending("2")]) await writeFile(file, "x");
    await cache.prune({ maxBytes: 1e9 });
    expect(await filesIn(dir)).toBe(5);
    for (const file of [orphan, pending("1")]) await utimes(file, old, old);
    // The change time cannot be set: the clock is.
    const later = await openBench({ dir });
    later.clock.nowMs += 7_200_000;
    await later.cache.prune({ maxBytes: 1e9 });
    expect(await filesIn(dir)).toBeLessThanOrEqual(4);
    expect(await readFile(path)).toHaveLength(1_000);
  });
});

describe("clear", () => {
  test("takes everything, or what is below a prefix, and nothing beside the objects", async () => {
    const { cache, dir } = await filled(["a/1", "a/2", "b"]);
    const { mkdir } = await import("node:fs/promises");
    await mkdir(join(dir, "results"));
    await writeFile(join(dir, "results", "kept"), "");
    expect(await cache.clear("s3://bucket/a/", { dryRun: true })).toEqual({ objects: 2, sizeBytes: 2_000 });
    expect((await cache.clear("s3://bucket/a/")).objects).toBe(2);
    expect(uris(await entries(cache.list()))).toEqual(["s3://bucket/b"]);
    await cache.clear();
    expect(await filesIn(dir)).toBe(1);
  });

  test("says what could not be removed and why, and does not count it", async () => {
    let locked = false;
    const refuse = <T>(path: string, remove: () => T): T => {
      if (locked && path.endsWith(".json")) throw Object.assign(new Error("EACCES"), { code: "EACCES", errno: -13 });
      return remove();
    };
    const operations = {
      ...nodeFsOperations,
      unlink: (path: string) => refuse(path, () => nodeFsOperations.unlink(path)),
      unlinkLater: (path: string) => refuse(path, () => nodeFsOperations.unlinkLater(path)),
    };
    const warnings: string[] = [];
    const { cache, cached, put } = await openBench({
      disk: openNodeDisk({ operations }),
      onWarning: ({ message }) => warnings.push(message),
    });
    await put("a", noise(1_000));
    await readText(cached, "a");
    locked = true;
    const stuck: Stuck[] = [];
    const gone: CacheEntry[] = [];
    const options = { onStuck: (each: Stuck) => stuck.push(each), onEntry: (each: CacheEntry) => gone.push(each) };
    expect(await cache.clear(undefined, options)).toEqual(nothing);
    expect(gone).toEqual([]);
    expect(stuck).toMatchObject([{ uri: "s3://bucket/a", sizeBytes: 1_000, error: { code: "forbidden" } }]);
    expect(stuck[0]?.error.message).toMatch(/^Cannot remove .*\.json: permission denied/);
    expect(warnings).toEqual([]);
    expect(uris(await entries(cache.list()))).toEqual(["s3://bucket/a"]);
  });

  test("stops at its signal", async () => {
    const { cache } = await filled(["a"]);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(cache.clear(undefined, { signal })).rejects.toThrow("enough");
  });
});
