/** `data.sync` between every two places: what is copied, what is left, and why. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Depot, entrepot, type FileResult, type SyncOptions } from "entrepot";
import { hostileKeys, type S3Server, startS3Server } from "entrepot/testing";
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

describe("by checksum", () => {
  test("a tree of the same sizes and shuffled times copies exactly what has changed", async () => {
    const at = places["a folder"]();
    const names = Array.from({ length: 40 }, (_, index) => `d${index % 4}/f${index}`);
    for (const name of names) await data.writeText(at + name, `text of ${name}`.padEnd(40, "."));
    await data.sync(at, "s3://b/tree/");
    const changed = names.filter((_, index) => index % 7 === 0);
    for (const name of changed) await data.writeText(at + name, `TEXT of ${name}`.padEnd(40, "."));
    for (const [index, name] of names.entries()) {
      const when = new Date(1e12 + ((index * 7919) % 40) * 86_400_000 * 400);
      await utimes(at + name, when, when);
    }
    const { report, told } = await synced(at, "s3://b/tree/", { compare: "checksum" });
    expect(Object.keys(told).filter((path) => told[path]?.startsWith("copy"))).toEqual(expect.arrayContaining(changed));
    expect(report.copied.objects).toBe(changed.length);
    expect(report.compared).toEqual({ etag: 0, checksum: 40, time: 0, size: 0 });
    // and down again into a tree whose times say nothing
    await data.copy("s3://b/tree/", places["another folder"]());
    await data.writeText(`${places["another folder"]()}d0/f0`, "x".repeat(40));
    s3.clearRequests();
    const down = await synced("s3://b/tree/", places["another folder"](), { compare: "checksum" });
    expect(down.told["d0/f0"]).toBe("copy: CRC64NVME differs");
    expect(down.report.copied.objects).toBe(1);
    expect(operations().filter((name) => name === "GetObject").length).toBe(1);
  });

  test("a large file is known again by the parts in which it was uploaded", async () => {
    const at = places["a folder"]();
    await data.writeBytes(`${at}large`, new Uint8Array(17 * 1024 * 1024).fill(7));
    await data.sync(at, "s3://b/tree/");
    expect((await data.stat("s3://b/tree/large")).etag).toMatch(/-3"$/);
    const later = new Date(Date.now() + 60_000);
    await utimes(`${at}large`, later, later);
    s3.clearRequests();
    expect((await synced(at, "s3://b/tree/")).told).toEqual({ large: "skip: same MD5" });
    expect((await synced(at, "s3://b/tree/", { compare: "checksum" })).told).toEqual({ large: "skip: same MD5" });
    expect(new Set(operations())).toEqual(new Set(["ListObjectsV2"]));
  });

  test("what KMS encrypts is known by the checksum that the server keeps, since its ETag is no MD5", async () => {
    const kms = data.with({ sse: "aws:kms", checksums: "CRC32" });
    const at = places["a folder"]();
    for (const name of ["same", "other"]) await data.writeText(at + name, name);
    await kms.sync(at, "s3://b/tree/");
    await data.writeText(`${at}other`, "OTHER");
    const { told } = await synced(at, "s3://b/tree/", { compare: "checksum" });
    expect(told).toEqual({ same: "skip: same CRC32", other: "copy: CRC32 differs" });
  });
});

describe("between servers", () => {
  test("a change of the same size is seen by its ETag, whichever is newer", async () => {
    for (const name of ["a", "b", "c"]) await data.writeText(`s3://b/tree/${name}`, name);
    await data.sync("s3://b/tree/", "s3://other/tree/");
    await data.writeText("s3://b/tree/a", "A");
    await data.writeText("s3://other/tree/b", "B");
    s3.clearRequests();
    const { told, report } = await synced("s3://b/tree/", "s3://other/tree/");
    const differs = expect.stringMatching(/^copy: (?:ETag|CRC64NVME) differs$/);
    expect(told).toEqual({ a: differs, b: differs, c: "skip: same ETag" });
    expect(report.compared.etag + report.compared.checksum).toBe(3);
    expect(operations().filter((name) => name === "GetObject" || name === "PutObject")).toEqual([]);
    expect(await texts("s3://other/tree/")).toEqual({ a: "A", b: "b", c: "c" });
  });

  test("an object in parts and its copy in one piece are compared by checksums", async () => {
    const crc = data.with({ checksums: "CRC64NVME" });
    await crc.writeBytes("s3://b/tree/large", new Uint8Array(17 * 1024 * 1024).fill(7));
    await crc.sync("s3://b/tree/", "s3://other/tree/");
    const etags = await Promise.all(["b", "other"].map(async (at) => (await data.stat(`s3://${at}/tree/large`)).etag));
    s3.clearRequests();
    const { told } = await synced("s3://b/tree/", "s3://other/tree/");
    expect(told).toEqual({ large: etags[0] === etags[1] ? "skip: same ETag" : "skip: same CRC64NVME" });
    expect(operations().filter((name) => name === "GetObject" || name === "CopyObject")).toEqual([]);
  });

  test("hostile keys are synced as exactly themselves, and are then the same", async () => {
    const legal = hostileKeys.filter(
      (key) => (key as string & { isWellFormed(): boolean }).isWellFormed() && Buffer.byteLength(key) <= 1_000,
    );
    for (const key of legal) await data.writeText({ bucket: "b", key: `tree/${key}` }, "x");
    const first = await data.sync("s3://b/tree/", "s3://other/tree/");
    expect(first.copied.objects).toBe(legal.length);
    const second = await data.sync("s3://b/tree/", "s3://other/tree/", { delete: true });
    expect([second.copied.objects, second.removed.objects, second.skipped.objects]).toEqual([0, 0, legal.length]);
  });
});

describe("by time", () => {
  test("a file that is fetched bears the time of its object", async () => {
    await data.writeText("s3://b/tree/a", "1");
    const [entry] = await data.list("s3://b/tree/").toArray();
    await data.sync("s3://b/tree/", places["a folder"]());
    expect((await stat(`${places["a folder"]()}a`)).mtimeMs).toBeCloseTo(entry?.modifiedMs ?? 0, 0);
    expect((await synced("s3://b/tree/", places["a folder"](), { compare: "size-time" })).told).toEqual({
      a: "skip: same size and time",
    });
  });

  test("a file of the same size that somebody else has changed is fetched again", async () => {
    await data.writeText("s3://b/tree/a", "1");
    await data.sync("s3://b/tree/", places["a folder"]());
    await data.writeText(`${places["a folder"]()}a`, "2");
    expect((await synced("s3://b/tree/", places["a folder"]())).told).toEqual({ a: "copy: MD5 differs" });
    expect(await texts(places["a folder"]())).toEqual({ a: "1" });
  });

  test("a file that was only touched is read here, and not sent", async () => {
    const at = places["a folder"]();
    await data.writeText(`${at}a`, "1");
    await data.sync(at, "s3://b/tree/");
    const later = new Date(Date.now() + 60_000);
    await utimes(`${at}a`, later, later);
    s3.clearRequests();
    expect((await synced(at, "s3://b/tree/")).told).toEqual({ a: "skip: same MD5" });
    expect(operations()).toEqual(["ListObjectsV2"]);
    expect((await synced(at, "s3://b/tree/", { compare: "size-time" })).told).toEqual({
      a: "copy: newer at the source",
    });
    expect((await synced(at, "s3://b/tree/", { compare: "size" })).told).toEqual({ a: "skip: same size" });
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
