/** Named folders between runs: published at once, name-spaced, and nothing where the root is this disk. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

let bench: Awaited<ReturnType<typeof openS3>>;
let data: Depot;
let folder: string;
let target: string;
beforeEach(async () => {
  bench = await openS3(true);
  ({ data } = bench);
  folder = join(bench.folder, "warm");
  target = join(bench.folder, "cold");
  await mkdir(join(folder, "deep"), { recursive: true });
  await writeFile(join(folder, "a.bin"), "one");
  await writeFile(join(folder, "deep", "b.bin"), "two");
});
afterEach(() => bench.close());

test("what one run saves the next one finds, under the root in force", async () => {
  const saved = await data.snapshots.save("warm-start", folder);
  expect(saved).toMatchObject({ name: "warm-start", uri: "s3://b/root/snapshots/warm-start.zip" });
  const found = await data.snapshots.restore("warm-start", target);
  expect(found).toMatchObject({ name: "warm-start", uri: saved?.uri, etag: saved?.etag, sizeBytes: saved?.sizeBytes });
  expect(await readFile(join(target, "deep", "b.bin"), "utf8")).toBe("two");
  expect((await stat(join(target, "a.bin"))).mtimeMs).toBeCloseTo((await stat(join(folder, "a.bin"))).mtimeMs, -4);
});

test("whatever was saved is restored, a long run of zeros too; limits are the caller's", async () => {
  await writeFile(join(folder, "zeros"), new Uint8Array(8_000_000));
  await data.snapshots.save("a", folder);
  await expect(data.snapshots.restore("a", target, { maxRatio: 100 })).rejects.toMatchObject({
    code: "limit-exceeded",
    hint: expect.stringContaining("raise maxRatio (--max-ratio)"),
  });
  await expect(data.snapshots.restore("a", target, { maxBytes: "1MB" })).rejects.toMatchObject({
    code: "limit-exceeded",
  });
  await data.snapshots.restore("a", target);
  expect((await stat(join(target, "zeros"))).size).toBe(8_000_000);
});

test("names that differ by case alone come back, where the disk tells them apart", async () => {
  await writeFile(join(folder, "A.bin"), "other");
  const names = (await readdir(folder)).sort();
  await data.snapshots.save("a", folder);
  await data.snapshots.restore("a", target);
  expect((await readdir(target)).sort()).toEqual(names);
});

test("what a restore says is of the version that it brought", async () => {
  await data.snapshots.save("a", folder);
  await writeFile(join(folder, "c.bin"), "three");
  await data.snapshots.save("b", folder);
  const later = await data.readBytes("s3://b/root/snapshots/b.zip");
  const settings = { env: {}, envFile: false, cache: false, location: "test" } as const;
  await using other = entrepot({ ...bench.s3.options, ...settings, roots: { test: "s3://b/root/" } });
  // somebody saves between the question and the read
  bench.s3.inject({ method: "GET", key: "root/snapshots/a.zip", effect: { replaceWith: later } });
  const said = await other.snapshots.restore("a", target);
  const there = await data.stat("s3://b/root/snapshots/a.zip");
  expect(await readdir(target)).toContain("c.bin");
  expect(said).toMatchObject({ etag: there.etag, sizeBytes: there.sizeBytes, modifiedMs: there.modifiedMs });
});

test("none is undefined and an empty folder, but a missing bucket is an error", async () => {
  expect(await data.snapshots.restore("never", target)).toBeUndefined();
  expect(await readdir(target)).toEqual([]);
  await writeFile(join(target, "mine"), "mine");
  expect(await data.snapshots.restore("never", target)).toBeUndefined();
  expect(await readdir(target)).toEqual(["mine"]);
  const nowhere = data.with({ root: "s3://no-such-bucket/" });
  await expect(nowhere.snapshots.restore("never", target)).rejects.toMatchObject({ code: "not-found" });
});

test("versions are name spaces of their own", async () => {
  await data.snapshots.save("a", folder, { version: "v1" });
  await data.snapshots.save("b", folder);
  const names = async (version?: string) => (await data.snapshots.list({ version }).toArray()).map(({ name }) => name);
  expect([await names(), await names("v1"), await names("v2")]).toEqual([["b"], ["a"], []]);
  expect(await data.snapshots.restore("a", target)).toBeUndefined();
  expect(await data.snapshots.restore("a", target, { version: "v1" })).toMatchObject({ name: "a" });
  const env = { ENTREPOT_MODEL_VERSION: "v1" };
  const other = entrepot({
    ...bench.s3.options,
    roots: { test: "s3://b/root/" },
    location: "test",
    env,
    envFile: false,
    cache: false,
  });
  expect(await other.snapshots.list().uris()).toEqual(["s3://b/root/snapshots/v1/a.zip"]);
  await other.close();
});

test("clear removes one, or all of a version; nothing there is success", async () => {
  await data.snapshots.save("a", folder);
  await data.snapshots.save("b", folder);
  await data.snapshots.save("c", folder, { version: "v1" });
  expect((await data.snapshots.clear("a")).removed.objects).toBe(1);
  expect((await data.snapshots.clear("a")).removed.objects).toBe(0);
  expect((await data.snapshots.clear()).removed.objects).toBe(1);
  expect(await data.snapshots.list().toArray()).toEqual([]);
  expect(await data.snapshots.list({ version: "v1" }).toArray()).toHaveLength(1);
});

test("clear removes where snapshots are saved, never where they are only read", async () => {
  await data.snapshots.save("a", folder);
  const roots = { test: { read: "s3://b/root/", write: "s3://b/other/" } };
  const settings = { roots, location: "test", env: {}, envFile: false, cache: false } as const;
  await using other = entrepot({ ...bench.s3.options, ...settings });
  await other.snapshots.save("a", folder);
  await other.snapshots.save("b", folder);
  expect((await other.snapshots.clear()).removed.objects).toBe(2);
  expect((await data.snapshots.list().toArray()).map(({ name }) => name)).toEqual(["a"]);
  expect(await data.list("s3://b/other/").toArray()).toEqual([]);
});

const asked = { method: "HEAD", key: "root/snapshots/a.zip" } as const;
const outcome = (saving: Promise<unknown>) =>
  saving.then(
    () => "saved",
    (error: { code: string }) => error.code,
  );

test("of several that save at the same time one wins, the others are told, and readers see a whole one", async () => {
  // all have asked before any of them writes
  bench.s3.inject({ ...asked, effect: { status: 404 }, times: 4 });
  const first = await Promise.all([1, 2, 3, 4].map(() => outcome(data.snapshots.save("a", folder))));
  expect(first.sort()).toEqual(["already-exists", "already-exists", "already-exists", "saved"]);
  expect(await data.snapshots.restore("a", target)).toBeDefined();
});

test("a first save overwrites no snapshot that another has made meanwhile", async () => {
  const theirs = await data.snapshots.save("a", folder);
  await writeFile(join(folder, "c.bin"), "three");
  bench.s3.inject({ ...asked, effect: { status: 404 } });
  expect(await outcome(data.snapshots.save("a", folder))).toBe("already-exists");
  expect((await data.stat("s3://b/root/snapshots/a.zip")).etag).toBe(theirs?.etag);
  bench.s3.inject({ ...asked, effect: { etag: "wrong" } });
  expect(await outcome(data.snapshots.save("a", folder))).toBe("precondition-failed");
  expect((await data.stat("s3://b/root/snapshots/a.zip")).etag).toBe(theirs?.etag);
});

test("a save that lost to another overwrites nothing", async () => {
  await data.snapshots.save("a", folder);
  let others: Promise<unknown> | undefined;
  // another saves while this one is reading its files
  const onProgress = () => {
    others ??= writeFile(join(folder, "c.bin"), "three").then(() =>
      data.writeText("s3://b/root/snapshots/a.zip", "theirs"),
    );
  };
  await writeFile(join(folder, "a.bin"), new Uint8Array(3_000_000));
  const late = data.snapshots.save("a", folder, { onProgress });
  await expect(late).rejects.toMatchObject({ code: "precondition-failed" });
  await others;
  expect(await data.readText("s3://b/root/snapshots/a.zip")).toBe("theirs");
});

test("a restore merges by default, replaces or refuses when told", async () => {
  await data.snapshots.save("a", folder);
  await mkdir(target);
  await writeFile(join(target, "mine"), "mine");
  await data.snapshots.restore("a", target);
  expect((await readdir(target)).sort()).toEqual(["a.bin", "deep", "mine"]);
  await expect(data.snapshots.restore("a", target, { existing: "refuse" })).rejects.toMatchObject({
    code: "not-empty",
  });
  await data.snapshots.restore("a", target, { existing: "replace" });
  expect((await readdir(target)).sort()).toEqual(["a.bin", "deep"]);
});

test.each(["a/b", "..", "", "a\\b", "a\u0000", "x".repeat(201)])("%j is no name", async (name) => {
  const refused = name === "" ? { name: "TypeError" } : { code: "invalid-address" };
  await expect(data.snapshots.save(name, folder)).rejects.toMatchObject(refused);
  await expect(data.snapshots.restore(name, target)).rejects.toThrow();
  await expect(data.snapshots.clear(name)).rejects.toThrow();
  await expect(data.snapshots.save("a", folder, { version: name })).rejects.toThrow();
});

describe("where the root is this disk", () => {
  let local: Depot;
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "entrepot-local-"));
    const roots = { local: join(home, "root"), cloud: "s3://b/root/" };
    local = entrepot({ ...bench.s3.options, roots, location: "local", env: {}, envFile: false, cache: false }) as Depot;
  });
  afterEach(async () => {
    await local.close();
    await rm(home, { recursive: true });
  });

  test("nothing is saved or found, and the folder is there all the same", async () => {
    expect(await local.snapshots.save("a", folder)).toBeUndefined();
    expect(await local.snapshots.restore("a", target)).toBeUndefined();
    expect(await readdir(target)).toEqual([]);
    expect(await local.snapshots.list().toArray()).toEqual([]);
    expect((await local.snapshots.clear()).removed.objects).toBe(0);
    expect(await readdir(home)).toEqual([]);
    expect(bench.s3.requests).toEqual([]);
  });

  test("unless told", async () => {
    expect(await local.snapshots.save("a", folder, { local: true })).toBeDefined();
    expect(await local.snapshots.restore("a", target, { local: true })).toBeDefined();
    expect((await local.snapshots.list({ local: true }).toArray()).map(({ name }) => name)).toEqual(["a"]);
    const cloud = local.with({ location: "cloud" });
    expect(await cloud.snapshots.save("a", folder)).toMatchObject({ uri: "s3://b/root/snapshots/a.zip" });
  });
});
