/** The cache as its users manage it: what is here, why, what becomes of it, and what is mended; with default settings. */
import { mkdir, readdir, readFile, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, entrepot, type Progress } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

let bench: Awaited<ReturnType<typeof openS3>>;
let data: Depot;
let other: Depot;
const uri = (key: string) => `s3://b/${key}`;
const only = async (of: Depot, address: string) => (await of.cache.list(address).toArray())[0];

beforeEach(async () => {
  bench = await openS3(true);
  data = bench.data;
  other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
  for (const key of ["data/a.csv", "data/b.csv", "other/c"]) await other.writeText(uri(key), `${key}\n`);
  for (const key of ["data/a.csv", "data/b.csv", "other/c"]) await data.readText(uri(key));
  bench.s3.clearRequests();
});
afterEach(async () => {
  await other.close();
  await bench.close();
});

describe("a copy says its state, and why", () => {
  test("as the depot that asks would read it", async () => {
    const trusting = data.with({ cache: { maxAge: "1h" } });
    expect(await only(data, uri("data/a.csv"))).toMatchObject({
      uri: uri("data/a.csv"),
      sizeBytes: 11,
      state: "asks",
      why: expect.stringContaining("every read asks"),
      verified: "checksum",
      complete: true,
      pinned: false,
      pinnedBy: [],
      held: false,
      heldBy: [],
    });
    expect(await only(trusting, uri("data/a.csv"))).toMatchObject({ state: "fresh" });
    await other.writeText(uri("data/a.csv"), "newer");
    await data.stat(uri("data/a.csv"));
    expect(await only(trusting, uri("data/a.csv"))).toMatchObject({ state: "outdated" });
    await data.writeText(uri("own"), "x");
    expect(await only(data, uri("own"))).toMatchObject({
      complete: false,
      why: expect.stringContaining("written here"),
    });
  });

  test("with the processes that hold it, while they do", async () => {
    const copy = await data.localCopy(uri("other/c"));
    expect(await only(data, uri("other/c"))).toMatchObject({
      held: true,
      heldBy: [{ pid: process.pid, isHere: true }],
    });
    await copy.close();
    expect(await only(data, uri("other/c"))).toMatchObject({ held: false, heldBy: [] });
  });

  test("with the addresses that were pinned", async () => {
    await data.cache.pin(uri("data/"));
    expect(await only(data, uri("data/a.csv"))).toMatchObject({ pinned: true, pinnedBy: [uri("data/")] });
    expect(await data.cache.explain(uri("data/a.csv"))).toMatchObject({
      leaves: `not before it is unpinned: ${uri("data/")}`,
    });
    await data.cache.unpin(uri("data/"));
    expect(await only(data, uri("data/a.csv"))).toMatchObject({ pinned: false, pinnedBy: [] });
  });
});

describe("an address is explained", () => {
  test("without asking anybody, whether there is a copy of it or not", async () => {
    const bounded = data.with({ cache: { maxBytes: "1MB" } });
    expect(await bounded.cache.explain(uri("data/a.csv"))).toMatchObject({
      uri: uri("data/a.csv"),
      entry: { uri: uri("data/a.csv"), state: "asks" },
      nextRead: expect.stringContaining("asks the server"),
      leaves: expect.stringContaining("1,000,000 bytes (maxBytes)"),
    });
    expect(await data.cache.explain(uri("none"))).toMatchObject({
      entry: undefined,
      nextRead: "fetches it, and keeps a copy",
    });
    const offline = data.with({ network: "offline" });
    expect((await offline.cache.explain(uri("none"))).nextRead).toContain("not-cached");
    expect((await data.cache.explain("./here")).nextRead).toContain("in place");
    expect((await data.with({ cache: false }).cache.explain(uri("data/a.csv"))).nextRead).toContain("switched off");
    expect(bench.s3.requests).toEqual([]);
  });

  test("by the identity with which it is read: the copy of another endpoint is none", async () => {
    const elsewhere = await openS3(false);
    const same = entrepot({ ...elsewhere.s3.options, cache: { dir: data.cache.dir }, env: {}, envFile: false });
    expect((await same.cache.explain(uri("data/a.csv"))).entry).toBeUndefined();
    await same.close();
    await elsewhere.close();
  });
});

describe("what is damaged", () => {
  async function damage(key: string): Promise<string> {
    const { entry } = await data.cache.explain(uri(key));
    await truncate(entry?.path ?? "", 3);
    return entry?.path ?? "";
  }

  test("is said, taken away, or fetched again", async () => {
    const path = await damage("data/a.csv");
    const expected = { uri: uri("data/a.csv"), path, damage: "too-short", pinned: false };
    const { checked, damaged } = await data.cache.verify();
    expect(checked.objects).toBe(3);
    expect(damaged).toMatchObject([{ ...expected, why: expect.stringContaining("3 bytes"), outcome: "kept" }]);
    expect((await data.cache.verify({ repair: true, refetch: true })).damaged).toMatchObject([{ outcome: "fetched" }]);
    expect((await data.cache.verify()).damaged).toEqual([]);
    await damage("data/a.csv");
    expect((await data.cache.verify({ repair: true })).damaged).toMatchObject([{ outcome: "removed" }]);
    expect(await only(data, uri("data/a.csv"))).toBeUndefined();
  });

  test("and pinned is fetched again with the repair, unless it must not be", async () => {
    await data.cache.pin(uri("data/"));
    await damage("data/a.csv");
    expect((await data.cache.verify({ repair: true, refetch: false })).damaged).toMatchObject([
      { outcome: "removed", pinned: true },
    ]);
    await data.readText(uri("data/a.csv"));
    await damage("data/a.csv");
    expect((await data.cache.verify({ repair: true })).damaged).toMatchObject([{ outcome: "fetched", pinned: true }]);
    await damage("data/a.csv");
    const offline = data.with({ network: "offline" });
    expect((await offline.cache.verify({ repair: true })).damaged).toMatchObject([{ outcome: "removed" }]);
  });

  test("below an address alone, and how far that is", async () => {
    await damage("other/c");
    const told: Progress[] = [];
    const { checked, damaged } = await data.cache.verify({
      folder: uri("data/"),
      onProgress: (progress) => told.push(progress),
    });
    expect({ checked, damaged }).toMatchObject({ checked: { objects: 2 }, damaged: [] });
    expect(told.at(-1)).toMatchObject({ doneObjects: 2, doneBytes: 22 });
    await data.cache.verify({ onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({ doneObjects: 3, totalObjects: 3 });
  });

  test("and could not be fetched again says why, and the rest goes on", async () => {
    await damage("data/a.csv");
    await damage("data/b.csv");
    await other.remove(uri("data/a.csv"));
    const { damaged } = await data.cache.verify({ repair: true, refetch: true });
    const byUri = new Map(damaged.map((each) => [each.uri, each]));
    expect(byUri.get(uri("data/a.csv"))).toMatchObject({ outcome: "removed", error: { code: "not-found" } });
    expect(byUri.get(uri("data/b.csv"))).toMatchObject({ outcome: "fetched", error: undefined });
  });

  test("a refetch without a repair is a mistake", async () => {
    await expect(data.cache.verify({ refetch: true })).rejects.toThrow(TypeError);
  });
});

describe("statistics", () => {
  test("say sums, and in detail places, ages, room and what does not belong there", async () => {
    const held = await data.localCopy(uri("other/c"));
    await data.cache.pin(uri("data/"));
    await writeFile(join(data.cache.dir, "notes.txt"), "mine");
    const { detail, ...sums } = await data.cache.stats({ detail: true });
    expect(sums).toMatchObject({
      objects: 3,
      pinned: { objects: 2, sizeBytes: 22 },
      inUse: { objects: 1 },
      ranges: { objects: 0, sizeBytes: 0 },
    });
    expect(detail).toMatchObject({
      places: [{ uri: "s3://b/", objects: 3 }],
      foreign: [join(data.cache.dir, "notes.txt")],
      damaged: 0,
      stray: { objects: 0 },
      pending: { objects: 0 },
    });
    expect(detail?.freeBytes).toBeGreaterThan(0);
    expect(detail?.oldestUseMs).toBeLessThanOrEqual(detail?.newestUseMs ?? 0);
    await held.close();
    expect((await data.cache.stats()).detail).toBeUndefined();
  });

  test("name data without a record and records that say nothing", async () => {
    const paths = await Promise.all(
      ["data/a.csv", "data/b.csv"].map(async (key) => (await only(data, uri(key)))?.path),
    );
    const [a = "", b = ""] = paths.map((path) => path?.replace(/-[0-9a-f]{16}[^/]*$/, ".json"));
    await unlink(a);
    await writeFile(b, "{}");
    expect((await data.cache.stats({ detail: true })).detail).toMatchObject({ stray: { objects: 1 }, damaged: 1 });
  });
});

describe("clearing", () => {
  test("leaves what is pinned or held, and says how much that is", async () => {
    await data.cache.pin(uri("data/a.csv"));
    const held = await data.localCopy(uri("other/c"));
    const planned = await data.cache.clear(undefined, { dryRun: true });
    expect(planned).toMatchObject({ removed: { objects: 1 }, skipped: { objects: 2 } });
    const report = await data.cache.clear();
    expect(report).toMatchObject({ removed: { objects: 1 }, skipped: { objects: 2 } });
    expect((await data.cache.list().uris()).sort()).toEqual([uri("data/a.csv"), uri("other/c")]);
    await held.close();
    await data.cache.unpin(uri("data/a.csv"));
    expect(await data.cache.clear()).toMatchObject({ removed: { objects: 2 }, skipped: { objects: 0 } });
  });

  test("touches nothing but copies", async () => {
    for (const name of ["results", "pega", "outbox"]) {
      await mkdir(join(data.cache.dir, name), { recursive: true });
      await writeFile(join(data.cache.dir, name, "kept"), name);
    }
    await data.cache.clear();
    await data.cache.prune({ maxBytes: 0 });
    for (const name of ["results", "pega", "outbox"])
      expect(await readFile(join(data.cache.dir, name, "kept"), "utf8")).toBe(name);
  });
});

test("a tree of links lets the copies be browsed, from the working folder and below an address", async () => {
  const tree = join(bench.folder, "tree");
  expect(await data.cache.link(tree)).toMatchObject({ path: tree, links: 3, added: 3, hidden: 0 });
  expect(await readFile(join(tree, "s3/b/data/a.csv"), "utf8")).toBe("data/a.csv\n");
  expect(await data.cache.link(tree, { folder: uri("data/") })).toMatchObject({ links: 2, removed: 1 });
  expect(await readdir(join(tree, "s3/b"))).toEqual(["data"]);
  await expect(data.cache.link(uri("data/"))).rejects.toThrow(TypeError);
  const off = await data.with({ cache: false }).cache.link(join(bench.folder, "none"));
  expect(off).toMatchObject({ links: 0 });
});
