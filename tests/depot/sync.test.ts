/** `data.sync` between every two places: what is copied, what is left, and why. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PlaceName, SyncWorld } from "./sync-world.ts";

let world: SyncWorld;
let s3: S3Server;
let folder: string;
let data: Depot;
beforeEach(async () => {
  world = await SyncWorld.open();
  ({ s3, folder, data } = world);
});
afterEach(() => world.close());

describe.each<[PlaceName, PlaceName]>([
  ["a folder", "S3"],
  ["S3", "a folder"],
  ["S3", "another bucket"],
  ["a folder", "another folder"],
  ["memory", "S3"],
  ["S3", "memory"],
  ["memory", "a folder"],
  ["a folder", "memory"],
])("from %s to %s", (source, target) => {
  let from: string;
  let to: string;
  beforeEach(async () => {
    from = world.places[source];
    to = world.places[target];
    for (const [path, text] of Object.entries({ "a.txt": "1", "d/b.txt": "22", "d-x": "333", "é/😀": "4", empty: "" }))
      await data.writeText(from + path, text);
  });

  test("everything is copied once, then nothing: only the listings are asked for", async () => {
    const first = await world.synced(from, to);
    expect(first.told).toEqual({
      "a.txt": "copy: new",
      "d-x": "copy: new",
      "d/b.txt": "copy: new",
      empty: "copy: new",
      "é/😀": "copy: new",
    });
    expect(first.report).toMatchObject({
      copied: { objects: 5, sizeBytes: 7 },
      skipped: { objects: 0, sizeBytes: 0 },
      compared: { etag: 0, checksum: 0, time: 0, size: 0 },
    });
    expect(await world.texts(to)).toEqual(await world.texts(from));
    s3.clearRequests();
    const second = await world.synced(from, to, { delete: true });
    expect(new Set(world.operations)).toEqual(new Set(world.operations.length > 0 ? ["ListObjectsV2"] : []));
    expect(s3.requests.length).toBe([source, target].filter((name) => /S3|bucket/.test(name)).length);
    expect(second.report).toMatchObject({ copied: { objects: 0 }, removed: { objects: 0 }, skipped: { objects: 5 } });
    const { etag, checksum, time, size } = second.report.compared;
    expect([etag + checksum + time, size]).toEqual([4, 1]);
    expect(second.told["empty"]).toBe("skip: both empty");
  });

  test("what is new, larger or gone is seen, with a word why; what goes goes last", async () => {
    await data.sync(from, to);
    await data.writeText(`${from}a.txt`, "12345");
    await data.writeText(`${from}d/new`, "n");
    await data.remove(`${from}d-x`);
    const plan = await world.synced(from, to, { delete: true, dryRun: true });
    expect(await world.texts(to)).toMatchObject({ "a.txt": "1", "d-x": "333" });
    const { told, report } = await world.synced(from, to, { delete: true });
    expect(told).toMatchObject({
      "a.txt": "copy: size 1 → 5",
      "d/new": "copy: new",
      "d-x": "remove: not in the source",
      empty: "skip: both empty",
    });
    expect(plan.told).toEqual(told);
    const { copied, removed, skipped, compared, plan: counted } = plan.report;
    expect([plan.report.dryRun, report.dryRun]).toEqual([true, false]);
    expect(report).toMatchObject({ copied, removed, skipped, compared, plan: counted });
    expect(report).toMatchObject({ copied: { objects: 2, sizeBytes: 6 }, removed: { objects: 1, sizeBytes: 3 } });
    expect(await world.texts(to)).toEqual(await world.texts(from));
  });

  test("without delete nothing is removed, nor is it said", async () => {
    await data.sync(from, to);
    await data.writeText(`${to}extra`, "x");
    const { told, report } = await world.synced(from, to);
    expect(Object.keys(told)).not.toContain("extra");
    expect([report.removed.objects, await data.exists(`${to}extra`)]).toEqual([0, true]);
  });
});

describe("a tree and itself", () => {
  test.each([
    ["s3://b/tree/", "s3://b/tree"],
    ["s3://b/tree/sub", "s3://b/tree/"],
    ["s3://b/tree/", "s3://b"],
    ["memory:///a/", "memory:///a/"],
  ])("is refused: %s to %s", async (from, to) => {
    await data.writeText(`${from}/x`, "x");
    s3.clearRequests();
    await expect(data.sync(from, to, { delete: true })).rejects.toMatchObject({ code: "invalid-address" });
    expect(s3.requests).toEqual([]);
  });

  test("a target inside its source is left out of it, each time", async () => {
    await data.writeText("s3://b/tree/x", "x");
    for (const copied of [1, 0, 0]) {
      const report = await data.sync("s3://b/tree/", "s3://b/tree/copy/", { delete: true });
      expect(report.copied.objects).toBe(copied);
    }
    expect([...s3.objects("b").keys()]).toEqual(["tree/copy/x", "tree/x"]);
  });
});

test("local folders are listed in the order of the keys' bytes, so that nothing is taken for missing", async () => {
  const at = world.places["a folder"];
  for (const path of ["a/x", "a-b", "a.b", "a0", "A", "é", "\uffee", "\u{1f600}", "z/\u{1f600}/1", "z/\uffee/1"]) {
    await mkdir(dirname(at + path), { recursive: true });
    await writeFile(at + path, path);
  }
  expect((await data.sync(at, "s3://b/tree/")).copied.objects).toBe(10);
  const again = await data.sync(at, "s3://b/tree/", { delete: true });
  expect([again.copied.objects, again.removed.objects, again.skipped.objects]).toEqual([0, 0, 10]);
});

test("what will be asked is counted before, and held to a limit", async () => {
  const at = world.places["a folder"];
  for (const name of ["a", "b", "c"]) await data.writeText(at + name, name);
  await data.writeText("s3://b/tree/c", "other");
  await data.writeText("s3://b/tree/extra", "x");
  const bare = data.with({ cache: false });
  s3.clearRequests();
  const plan = await bare.sync(at, "s3://b/tree/", { delete: true, dryRun: true });
  expect(s3.requests.length).toBe(1);
  const total = plan.plan?.requests.total ?? 0;
  await expect(bare.sync(at, "s3://b/tree/", { delete: true, maxRequests: total - 1 })).rejects.toMatchObject({
    code: "limit-exceeded",
  });
  s3.clearRequests();
  const report = await bare.sync(at, "s3://b/tree/", { delete: true, maxRequests: total });
  expect([report.plan?.requests.total, s3.requests.length]).toEqual([total, total]);
});

test("a file is no folder, which is said", async () => {
  await data.writeText(`${folder}/file`, "x");
  await expect(data.sync(`${folder}/file`, "s3://b/tree/")).rejects.toMatchObject({
    code: "not-found",
    message: expect.stringMatching(/file\/ is no folder, but .*\/file is an object/),
  });
  await data.writeText("s3://b/tree/a", "a");
  await expect(data.sync("s3://b/tree/", `${folder}/file`)).rejects.toMatchObject({
    code: "unrepresentable-name",
    failures: [],
  });
});

test("offline a pinned folder is synced from its copies, and nothing is sent", async () => {
  for (const name of ["a", "d/b"]) await data.writeText(`s3://b/tree/${name}`, name);
  await data.cache.pin("s3://b/tree/");
  s3.clearRequests();
  const away = data.with({ network: "offline" });
  const at = world.places["a folder"];
  expect((await away.sync("s3://b/tree/", at)).copied.objects).toBe(2);
  expect((await away.sync("s3://b/tree/", at, { delete: true })).skipped.objects).toBe(2);
  expect(await world.texts(at)).toEqual({ a: "a", "d/b": "d/b" });
  expect(s3.requests).toEqual([]);
});

test("what was synced is right in a pinned listing at once", async () => {
  const at = world.places["a folder"];
  for (const name of ["a", "b"]) await data.writeText(at + name, name);
  await data.writeText("s3://b/tree/old", "old");
  await data.cache.pin("s3://b/tree/");
  await data.sync(at, "s3://b/tree/", { delete: true });
  const away = data.with({ network: "offline" });
  expect((await away.list("s3://b/tree/").toArray()).map(({ path }) => path)).toEqual(["a", "b"]);
  expect(await away.readText("s3://b/tree/a").catch(({ code }) => code)).toBe("not-cached");
});

test("the web is no source: it cannot be listed", async () => {
  await expect(data.sync("http://127.0.0.1:1/x/", "memory:///x/")).rejects.toMatchObject({ code: "unsupported" });
  await expect(data.sync("memory:///x/", "http://127.0.0.1:1/x/")).rejects.toMatchObject({ code: "unsupported" });
});

test("wrong options are told before anything is asked", async () => {
  for (const wrong of [
    { compare: "mtime" },
    { delete: "yes" },
    { deleteLimit: "200%" },
    { deleteLimit: -1 },
    { by: "x" },
  ])
    await expect(data.sync("s3://b/a/", "memory:///x/", wrong as never)).rejects.toThrow(/compare|delete|by/);
  expect(s3.requests).toEqual([]);
});
