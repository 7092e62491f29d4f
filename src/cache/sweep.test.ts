/** What dead processes leave behind goes; what living ones are doing stays. */
import { spawnSync } from "node:child_process";
import { mkdir, readdir, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { noise, openBench, readAll } from "../../tests/cache-bench.ts";
import { nodeFsOperations, openNodeDisk } from "../disk/index.ts";
import type { Cache } from "./index.ts";

/** A disk on which every file is `ageMs` older than it says: change times cannot be set. */
function agedDisk(ageMs: number) {
  const ageNs = BigInt(ageMs) * 1_000_000n;
  const lstat: typeof nodeFsOperations.lstat = (path) => {
    const stats = nodeFsOperations.lstat(path);
    if (stats !== undefined) stats.ctimeNs -= ageNs;
    return stats;
  };
  return openNodeDisk({ operations: { ...nodeFsOperations, lstat } });
}

test("a commit takes the pending files of dead processes from its folder, and leaves young ones", async () => {
  for (const [disk, left] of [
    [agedDisk(7_200_000), 0],
    [openNodeDisk(), 1],
  ] as const) {
    const { cached, put, cache, reopen, wrap } = await openBench();
    await put("a", noise(10));
    await readAll(cached, "a");
    await cache.close();
    const shard = dirname((await cached.pathOf("a")) ?? "");
    const pending = join(shard, `.entrepot-${"0".repeat(32)}.tmp`);
    await writeFile(pending, "half");
    const old = new Date(Date.now() - 7_200_000);
    await utimes(pending, old, old);
    const next = reopen({ disk });
    await readAll(wrap({}, next), "a", { cache: "refresh" });
    await next.close();
    expect((await readdir(shard)).filter((name) => name.startsWith(".entrepot-"))).toHaveLength(left);
  }
});

const collectors = {
  "a clear": (cache) => cache.clear(),
  "a prune that keeps everything": (cache) => cache.prune({ maxBytes: 1e9 }),
  "a repair": (cache) => cache.verify({ repair: true }),
} satisfies Record<string, (cache: Cache) => Promise<unknown>>;

test.each(Object.entries(collectors))("%s takes at once what a killed process was fetching", async (_, collect) => {
  const { cached, put, cache } = await openBench();
  await put("a", noise(10));
  await readAll(cached, "a");
  const shard = dirname((await cached.pathOf("a")) ?? "");
  const disk = openNodeDisk();
  const mine = await disk.createPending(shard);
  const { pid } = spawnSync(process.execPath, ["--version"]);
  await writeFile(join(shard, basename(mine.path).replace(/@\d+\./, `@${pid}.`)), noise(10_000));
  await collect(cache);
  const pending = (await readdir(shard)).filter((name) => name.startsWith(".entrepot-"));
  expect(pending).toEqual([basename(mine.path)]);
  await mine.discard();
});

test("data that no record knows does not count against the bound once it is old", async () => {
  const { cached, put, cache, clock, reopen, wrap } = await openBench();
  await put("a", noise(10));
  await readAll(cached, "a");
  const path = (await cached.pathOf("a")) ?? "";
  await writeFile(path.replace(/-[0-9a-f]{16}$/, "-0123456789abcdef"), noise(50_000));
  await cache.close();
  clock.nowMs += 7_200_000;
  const bounded = reopen({ maxBytes: 40_000 });
  const store = wrap({}, bounded);
  await put("b", noise(10_000));
  await readAll(store, "b");
  await bounded.close();
  expect((await bounded.stats()).sizeBytes).toBe(10_010);
  expect(await readdir(dirname(path))).not.toContainEqual(expect.stringContaining("0123456789abcdef"));
});

test("a prune takes away what the dead left among the locks", async () => {
  const { dir, cached, put, cache } = await openBench();
  await put("a", noise(10));
  await readAll(cached, "a");
  const locks = join(dir, "objects", "v1", "locks");
  await mkdir(locks, { recursive: true });
  await symlink("waits", join(locks, `${"0".repeat(64)}.w`));
  await cache.prune({ maxBytes: 1_000_000, dryRun: true });
  expect(await readdir(locks)).toHaveLength(1);
  await cache.prune({ maxBytes: 1_000_000 });
  expect(await readdir(locks)).toEqual([]);
});
