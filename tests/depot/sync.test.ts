/** `data.sync` between every two places: what is copied, what is left, and why. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Depot, entrepot, type FileResult, type SyncOptions } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let s3: S3Server;
let folder: string;
let data: Depot;
beforeEach(async () => {
  s3 = await startS3Server({ buckets: ["b", "other"] });
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
});
afterEach(async () => {
  await data.close();
  expect(s3.internalErrors).toEqual([]);
  await s3.close();
  await rm(folder, { recursive: true });
});

const places = {
  "a folder": () => `${join(folder, "tree")}/`,
  S3: () => "s3://b/tree/",
  "another bucket": () => "s3://other/tree/",
  memory: () => "memory:///tree/",
  "another folder": () => `${join(folder, "deep", "er")}/`,
};
type Name = keyof typeof places;

/** What happened to each path, and why. */
async function synced(from: string, to: string, options: SyncOptions = {}) {
  const told: Record<string, string> = {};
  const base = data.resolve(from);
  const target = data.resolve(to, { for: "write" });
  const onFile = ({ uri, action, reason, status }: FileResult) => {
    const path = decodeURIComponent(uri.slice((uri.startsWith(base) ? base : target).length));
    told[path] = `${action}: ${reason}${status === "failed" ? " (failed)" : ""}`;
  };
  const report = await data.sync(from, to, { ...options, onFile });
  return { report, told };
}
const texts = async (at: string) => {
  const found: Record<string, string> = {};
  for (const { uri, path } of await data.list(at).toArray()) found[path] = await data.readText(uri);
  return found;
};
const operations = () => s3.requests.map(({ operation }) => operation);

describe.each<[Name, Name]>([
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
    from = places[source]();
    to = places[target]();
    for (const [path, text] of Object.entries({ "a.txt": "1", "d/b.txt": "22", "d-x": "333", "é/😀": "4", empty: "" }))
      await data.writeText(from + path, text);
  });

  test("everything is copied once, then nothing: only the listings are asked for", async () => {
    const first = await synced(from, to);
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
    expect(await texts(to)).toEqual(await texts(from));
    s3.clearRequests();
    const second = await synced(from, to, { delete: true });
    expect(new Set(operations())).toEqual(new Set(operations().length > 0 ? ["ListObjectsV2"] : []));
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
    const plan = await synced(from, to, { delete: true, dryRun: true });
    expect(await texts(to)).toMatchObject({ "a.txt": "1", "d-x": "333" });
    const { told, report } = await synced(from, to, { delete: true });
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
    expect(await texts(to)).toEqual(await texts(from));
  });

  test("without delete nothing is removed, nor is it said", async () => {
    await data.sync(from, to);
    await data.writeText(`${to}extra`, "x");
    const { told, report } = await synced(from, to);
    expect(Object.keys(told)).not.toContain("extra");
    expect([report.removed.objects, await data.exists(`${to}extra`)]).toEqual([0, true]);
  });
});

describe("what is not meant", () => {
  test("stays: match leaves it out on both sides", async () => {
    const at = places["a folder"]();
    for (const path of ["a.csv", "b.txt", "d/c.csv"]) await data.writeText(at + path, path);
    for (const path of ["old.csv", "old.txt", "d/old.csv"]) await data.writeText(`s3://b/tree/${path}`, path);
    const report = await data.sync(at, "s3://b/tree/", { match: /\.csv$/, delete: true });
    expect([report.copied.objects, report.removed.objects]).toEqual([2, 2]);
    expect(Object.keys(await texts("s3://b/tree/"))).toEqual(["a.csv", "d/c.csv", "old.txt"]);
  });

  test("is left alone: marks of folders, and what lies beside the folder", async () => {
    await data.writeText(`${places["a folder"]()}a`, "1");
    for (const key of ["tree/", "tree/marked/", "tree2", "tree-x/y", "tre"])
      await data.writeText({ bucket: "b", key }, "");
    const report = await data.sync(places["a folder"](), "s3://b/tree", { delete: true });
    expect(report.removed.objects).toBe(0);
    expect([...s3.objects("b").keys()]).toEqual(["tre", "tree-x/y", "tree/", "tree/a", "tree/marked/", "tree2"]);
  });

  test("is written nowhere: hostile keys stay out of a folder's parents, and nothing is removed then", async () => {
    const at = places["a folder"]();
    await data.writeText({ bucket: "b", key: "tree/../../up" }, "x");
    await data.writeText({ bucket: "b", key: "tree/fine" }, "x");
    await data.writeText(`${at}extra`, "x");
    const before = (await readdir(folder)).sort();
    await expect(data.sync("s3://b/tree/", at, { delete: true })).rejects.toMatchObject({ code: "unsafe-key" });
    expect((await readdir(folder)).sort()).toEqual(before);
    expect(await readFile(`${at}extra`, "utf8")).toBe("x");
  });
});

describe("filters", () => {
  test("choose on both sides, by the source's size where it holds the object", async () => {
    const at = places["a folder"]();
    for (const [path, text] of Object.entries({ "a.csv": "aaaa", "b.csv": "b", "skip.csv": "ssss", "d/e.txt": "eeee" }))
      await data.writeText(at + path, text);
    for (const path of ["b.csv", "big.csv", "skip.csv", "old.txt"])
      await data.writeText(`s3://b/tree/${path}`, "long text");
    const { told } = await synced(at, "s3://b/tree/", { include: "*.csv", exclude: "skip*", minSize: 2, delete: true });
    expect(told).toEqual({ "a.csv": "copy: new", "big.csv": "remove: not in the source" });
    expect(await texts("s3://b/tree/")).toEqual({
      "a.csv": "aaaa",
      "b.csv": "long text",
      "old.txt": "long text",
      "skip.csv": "long text",
    });
  });

  test("with a literal beginning ask for that alone", async () => {
    await data.writeText("s3://b/tree/2026/a", "1");
    await data.writeText("s3://b/tree/2025/a", "1");
    s3.clearRequests();
    const report = await data.sync("s3://b/tree/", "s3://other/tree/", { include: "2026/**" });
    expect(report.copied.objects).toBe(1);
    expect(s3.requests.flatMap(({ operation, query }) => (operation === "ListObjectsV2" ? [query] : []))).toEqual([
      expect.objectContaining({ prefix: "tree/2026/" }),
      expect.objectContaining({ prefix: "tree/2026/" }),
    ]);
  });
});

describe("names that no file can bear", () => {
  const hostile = ["a", "a//b", "a/b", "../x", "fine", "z"];
  beforeEach(async () => {
    for (const path of hostile) await data.writeText({ bucket: "b", key: `tree/${path}` }, path);
  });

  test("are refused as a whole, with a list, before anything is written or removed", async () => {
    const at = places["a folder"]();
    await data.writeText(`${at}extra`, "x");
    const failed = await data.sync("s3://b/tree/", at, { delete: true }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "unrepresentable-name", hint: expect.stringContaining("map") });
    expect((failed as { failures: unknown[] }).failures.length).toBe(3);
    expect(await texts(at)).toEqual({ extra: "x" });
  });

  test("are mapped where that is asked for, known again, taken away and brought back", async () => {
    const at = places["a folder"]();
    const names = "map" as const;
    expect((await data.sync("s3://b/tree/", at, { names })).copied.objects).toBe(6);
    const again = await synced("s3://b/tree/", at, { names, delete: true });
    expect(again.report).toMatchObject({ copied: { objects: 0 }, removed: { objects: 0 }, skipped: { objects: 6 } });
    await data.remove({ bucket: "b", key: "tree/a//b" });
    await data.writeText({ bucket: "b", key: "tree/../x" }, "longer");
    const changed = await data.sync("s3://b/tree/", at, { names, delete: true });
    expect(changed).toMatchObject({ copied: { objects: 1 }, removed: { objects: 1 }, skipped: { objects: 4 } });
    const back = await data.sync(at, "s3://other/tree/", { names });
    expect(back.copied.objects).toBe(5);
    expect([...s3.objects("other").keys()]).toEqual(["tree/../x", "tree/a", "tree/a/b", "tree/fine", "tree/z"]);
    expect(await data.readText({ bucket: "other", key: "tree/../x" })).toBe("longer");
    const up = await data.sync(at, "s3://b/tree/", { names, delete: true });
    expect(up).toMatchObject({ copied: { objects: 0 }, removed: { objects: 0 }, skipped: { objects: 5 } });
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
  const at = places["a folder"]();
  for (const path of ["a/x", "a-b", "a.b", "a0", "A", "é", "\uffee", "\u{1f600}", "z/\u{1f600}/1", "z/\uffee/1"]) {
    await mkdir(dirname(at + path), { recursive: true });
    await writeFile(at + path, path);
  }
  expect((await data.sync(at, "s3://b/tree/")).copied.objects).toBe(10);
  const again = await data.sync(at, "s3://b/tree/", { delete: true });
  expect([again.copied.objects, again.removed.objects, again.skipped.objects]).toEqual([0, 0, 10]);
});

test("what will be asked is counted before, and held to a limit", async () => {
  const at = places["a folder"]();
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
});

test("offline a pinned folder is synced from its copies, and nothing is sent", async () => {
  for (const name of ["a", "d/b"]) await data.writeText(`s3://b/tree/${name}`, name);
  await data.cache.pin("s3://b/tree/");
  s3.clearRequests();
  const away = data.with({ network: "offline" });
  const at = places["a folder"]();
  expect((await away.sync("s3://b/tree/", at)).copied.objects).toBe(2);
  expect((await away.sync("s3://b/tree/", at, { delete: true })).skipped.objects).toBe(2);
  expect(await texts(at)).toEqual({ a: "a", "d/b": "d/b" });
  expect(s3.requests).toEqual([]);
});

test("what was synced is right in a pinned listing at once", async () => {
  const at = places["a folder"]();
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
