/** A tree of links to the copies: readable, up to date, and never in the way of anything else. */
import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bench, openBench, readText } from "../../../tests/cache-bench.ts";
import { linkTree } from "./tree.ts";

async function filled(keys: readonly string[]): Promise<Bench & { tree: string }> {
  const bench = await openBench();
  for (const key of keys) {
    await bench.put(key, `bytes of ${key}`);
    await readText(bench.cached, key);
  }
  return { ...bench, tree: join(bench.dir, "..", `${bench.dir.split("/").at(-1)}-tree`) };
}

const names = async (tree: string) =>
  (await readdir(tree, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .sort();

test("every copy has a link under its own name, which leads to its bytes", async () => {
  const { cache, tree } = await filled(["data/a.csv", "data/a.csv.idx", "b"]);
  expect(await cache.link(tree)).toEqual({ links: 3, added: 3, removed: 0, hidden: 0 });
  expect(await names(tree)).toEqual(["s3/bucket/b", "s3/bucket/data/a.csv", "s3/bucket/data/a.csv.idx"]);
  expect(await readFile(join(tree, "s3/bucket/data/a.csv"), "utf8")).toBe("bytes of data/a.csv");
  await rm(tree, { recursive: true });
});

test("the next call adds what came, mends what changed, and takes away what went, with its folders", async () => {
  const { cache, cached, tree, put } = await filled(["data/a.csv", "other/b"]);
  await cache.link(tree);
  const before = await readlink(join(tree, "s3/bucket/data/a.csv"));
  await put("data/a.csv", "another version");
  await readText(cached, "data/a.csv");
  await put("c", "c");
  await readText(cached, "c");
  await cache.clear("s3://bucket/other/");
  expect(await cache.link(tree)).toEqual({ links: 2, added: 1, removed: 1, hidden: 0 });
  expect(await names(tree)).toEqual(["s3/bucket/c", "s3/bucket/data/a.csv"]);
  expect(await readdir(join(tree, "s3/bucket"))).not.toContain("other");
  expect(await readlink(join(tree, "s3/bucket/data/a.csv"))).not.toBe(before);
  expect(await readFile(join(tree, "s3/bucket/data/a.csv"), "utf8")).toBe("another version");
  expect(await cache.link(tree, "s3://bucket/c")).toMatchObject({ links: 1, removed: 1 });
  await rm(tree, { recursive: true });
});

test.each([
  ["a file", (path: string) => writeFile(path, "mine")],
  ["a link elsewhere", (path: string) => symlink("/etc/hostname", path)],
  ["a link that only looks alike", (path: string) => symlink("/x/objects/v1/aa/mine", path)],
])("a folder that holds %s of somebody else is refused, and nothing in it is changed", async (_, put) => {
  const { cache, tree } = await filled(["a", "b"]);
  await cache.link(tree, "s3://bucket/a");
  await put(join(tree, "s3", "mine"));
  const before = await names(tree);
  await expect(cache.link(tree)).rejects.toMatchObject({ code: "not-empty" });
  expect(await names(tree)).toEqual(before);
  await rm(tree, { recursive: true });
});

test("the cache itself is never made a link tree, nor is an empty folder of somebody else's removed", async () => {
  const { cache, dir, tree } = await filled(["a"]);
  await expect(cache.link(dir)).rejects.toMatchObject({ code: "not-empty" });
  await mkdir(join(tree, "mine"), { recursive: true });
  await cache.link(tree);
  await cache.clear();
  expect(await cache.link(tree)).toMatchObject({ links: 0, removed: 1 });
  expect(await readdir(tree)).toEqual(["mine"]);
  await rm(tree, { recursive: true });
});

test("names that one disk cannot hold side by side, or at all, still get a link each", () => {
  const uris = ["s3://b/a", "s3://b/a/b", "s3://b/x//y", "s3://b/../up", "s3://b/end/", "https://host/p/q"];
  const { links } = linkTree(uris.map((uri) => ({ uri, path: uri, checkedMs: 0 })));
  expect([...links.values()].sort()).toEqual([...uris].sort());
  const paths = [...links.keys()];
  expect(new Set(paths).size).toBe(uris.length);
  expect(paths).toContain("s3/b/a/b");
  expect(paths).toContain("s3/b/a\u201bobject");
  for (const path of paths) {
    expect(path.split("/").some((part) => part === ".." || part === "." || part === "")).toBe(false);
    expect(paths.some((other) => other.startsWith(`${path}/`))).toBe(false);
  }
});

test("of copies that share their address the one that was confirmed last has the link", () => {
  const copies = [1, 3, 2].map((checkedMs) => ({ uri: "s3://b/a", path: `/${checkedMs}`, checkedMs }));
  expect(linkTree(copies)).toEqual({ links: new Map([["s3/b/a", "/3"]]), hidden: 2 });
});
