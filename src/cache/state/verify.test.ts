/** What is wrong with a copy is said in words, and goes when asked to. */
import { link, mkdir, readFile, rename, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { type Bench, noise, openBench, readText } from "../../../tests/cache-bench.ts";
import { nodeFsOperations, openNodeDisk } from "../../disk/index.ts";

async function filled(keys: readonly string[], sizeBytes = 1_000): Promise<Bench & { paths: string[] }> {
  const bench = await openBench();
  const paths: string[] = [];
  for (const key of keys) {
    await bench.put(key, noise(sizeBytes, key.charCodeAt(0)));
    await readText(bench.cached, key);
    paths.push((await bench.cached.pathOf(key)) ?? "");
  }
  return { ...bench, paths };
}

const recordOf = (path: string) => path.replace(/-[0-9a-f]{16}[^/]*$/, ".json");

test("finds damaged data and records, and takes them away when asked to", async () => {
  const { cache, cached, paths } = await filled(["a", "b", "c", "d"]);
  const [a = "", b = "", c = ""] = paths;
  await truncate(a, 10);
  await unlink(b);
  await writeFile(recordOf(c), "{}");
  for (const repair of [false, true]) {
    const { checked, damaged } = await cache.verify({ repair });
    expect(checked).toEqual({ objects: 4, sizeBytes: 1_000 });
    expect(damaged.map(({ uri, damage, removed }) => `${damage} ${uri} ${removed}`).sort()).toEqual([
      `missing s3://bucket/b ${repair}`,
      `no-record undefined ${repair}`,
      `too-short s3://bucket/a ${repair}`,
    ]);
  }
  expect(await cache.verify()).toEqual({ checked: { objects: 1, sizeBytes: 1_000 }, damaged: [] });
  expect((await readText(cached, "a")).length).toBeGreaterThan(0);
});

test.each([
  ["too short", (path: string) => truncate(path, 7), "too-short", "the file is too short: 7 bytes instead of 1,000"],
  ["too long", (path: string) => writeFile(path, noise(2_000)), "too-long", /2,000 bytes instead of 1,000/],
  ["another byte", (path: string) => writeFile(path, noise(1_000, 77)), "bytes-differ", /not those that were fetched/],
  ["gone", (path: string) => unlink(path), "missing", /gone/],
  ["a folder", (path: string) => unlink(path).then(() => mkdir(path)), "no-file", /a folder in place/],
  ["a link", (path: string) => rename(path, `${path}x`).then(() => symlink(`${path}x`, path)), "no-file", /a link/],
  ["a second name", (path: string) => link(path, `${dirname(path)}/second`), "several-names", /2 names/],
])("data that is %s is damaged for that reason", async (_, damageIt, damage, why) => {
  const { cache, paths } = await filled(["a"]);
  await damageIt(paths[0] ?? "");
  const { damaged } = await cache.verify();
  expect(damaged).toMatchObject([{ uri: "s3://bucket/a", path: paths[0], damage, removed: false, pinned: false }]);
  expect(damaged[0]?.why).toMatch(why);
});

test("a record of another object is said to be that", async () => {
  const { cache, paths } = await filled(["a", "b"]);
  const [a = "", b = ""] = paths.map(recordOf);
  await writeFile(a, await readFile(b));
  const { damaged } = await cache.verify();
  expect(damaged).toMatchObject([{ uri: undefined, path: a, damage: "other-record" }]);
  expect(damaged[0]?.why).toContain("s3://bucket/b");
});

test("large copies are held against their blocks", async () => {
  const { cache, paths } = await filled(["a"], 3_000_000);
  const bytes = await readFile(paths[0] ?? "");
  bytes[2_000_000] = (bytes[2_000_000] ?? 0) ^ 1;
  await writeFile(paths[0] ?? "", bytes);
  expect((await cache.verify()).damaged).toMatchObject([{ damage: "bytes-differ" }]);
});

test("only what lies at an address is read, and each is told when it was", async () => {
  const { cache } = await filled(["x/a", "x/b", "y/a"]);
  const told: (string | undefined)[] = [];
  const { checked } = await cache.verify({ address: "s3://bucket/x/", onChecked: (uri) => told.push(uri) });
  expect(checked.objects).toBe(2);
  expect(told.sort()).toEqual(["s3://bucket/x/a", "s3://bucket/x/b"]);
});

test("an abort ends it", async () => {
  const { cache } = await filled(["a"]);
  await expect(cache.verify({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});

test("what the disk does not let us read now is said, and stays", async () => {
  const { cache, dir, paths, reopen } = await filled(["a"]);
  const busy = openNodeDisk({
    operations: {
      ...nodeFsOperations,
      open: (path, flags, mode) => {
        if (path === paths[0]) throw Object.assign(new Error("EMFILE"), { code: "EMFILE", errno: -24 });
        return nodeFsOperations.open(path, flags, mode);
      },
    },
  });
  const { damaged } = await reopen({ dir, disk: busy }).verify({ repair: true });
  expect(damaged).toMatchObject([{ uri: "s3://bucket/a", damage: "unreadable", removed: false }]);
  expect((await cache.verify()).damaged).toEqual([]);
});
