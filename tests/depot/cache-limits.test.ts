/** A cache with limits, over a socket: what a depot adds, and what is asked for once. */
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

let bench: Awaited<ReturnType<typeof openS3>>;

beforeEach(async () => {
  bench = await openS3(true);
});
afterEach(() => bench.close());

function limited(env: Readonly<Record<string, string>>): Depot {
  const place = { roots: { test: "s3://b/root/" }, location: "test" } as const;
  return entrepot({
    ...bench.s3.options,
    ...place,
    env,
    envFile: false,
    cache: { dir: join(bench.folder, "limited") },
  });
}

async function filled(data: Depot, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await data.writeText(`k${index}`, "ten bytes!");
    const copy = await data.localCopy(`k${index}`);
    const record = copy.path.replace(/-[0-9a-f]{16}$/, ".json");
    await copy.close();
    const seconds = Date.now() / 1000 - 3_600 * (count - index);
    await utimes(record, seconds, seconds);
  }
}

test("a depot keeps to limits that its environment names", async () => {
  const data = limited({ ENTREPOT_CACHE_MAX_OBJECTS: "20" });
  await filled(data, 30);
  await data.close();
  const { objects } = await limited({}).cache.stats();
  expect(objects).toBeLessThanOrEqual(20);
  expect(objects).toBeGreaterThanOrEqual(18);
});

test("a prune keeps to each of its limits once, and tells what went", async () => {
  const data = limited({});
  await filled(data, 10);
  const told: string[] = [];
  const onFile = ({ uri }: { readonly uri: string }) => void told.push(uri.slice(-2));
  expect((await data.cache.prune({ maxObjects: 8 }, { onFile })).removed).toEqual({ objects: 2, sizeBytes: 20 });
  expect(told.sort()).toEqual(["k0", "k1"]);
  expect((await data.cache.prune({ unusedFor: "450m" })).removed.objects).toBe(1);
  expect((await data.cache.prune({ maxBytes: 45 })).removed.objects).toBe(3);
  expect((await data.cache.prune({ minFreeBytes: 0 })).removed.objects).toBe(0);
  expect((await data.cache.prune({ minFreeBytes: "900TB" }, { dryRun: true })).removed.objects).toBe(4);
  expect((await data.cache.stats()).objects).toBe(4);
  await data.close();
});

test("a limit that cannot be is refused before anything is touched", () => {
  expect(() => limited({ ENTREPOT_CACHE_MAX_OBJECTS: "many" })).toThrow(/ENTREPOT_CACHE_MAX_OBJECTS has no meaning/);
  expect(() => limited({ ENTREPOT_CACHE_UNUSED_FOR: "30" })).toThrow(/ENTREPOT_CACHE_UNUSED_FOR has no meaning/);
});
