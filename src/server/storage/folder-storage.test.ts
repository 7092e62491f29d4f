import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { failNth, nodeFsOperations, openNodeDisk } from "../../disk/index.ts";
import { openFolderStorage } from "./folder-storage.ts";
import { MemoryStorage } from "./memory-storage.ts";
import type { ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import { bucket, keepVersions, part, put, record, upload, versionsOf } from "./storage.fixture.ts";
import type { Storage } from "./storage.ts";
import { blobsOf } from "./versions-of-key.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-server-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("is the same after a restart, and holds no file that nobody names", async () => {
  const folder = await temporaryFolder();
  const storage = await openFolderStorage(openNodeDisk(), folder);
  await everyChange(storage);
  const again = await openFolderStorage(openNodeDisk(), folder);
  expect(await contentsOf(again)).toEqual(await contentsOf(storage));
  for (const key of keysOf(storage)) expect(again.versions("b", key)).toEqual(storage.versions("b", key));
  expect(await filesIn(folder)).toBe(namedBy(again));
});

test("what a server without versions has left opens as it was, each object the version null of its key", async () => {
  const folder = await temporaryFolder();
  const id = "0123456789abcdef0123456789abcdef";
  const hash = createHash("sha256").update("k").digest("hex");
  const before = { ...record("k", "e", [{ id, sizeBytes: 3 }]), modifiedMs: 5 };
  await mkdir(join(folder, "blobs", "01"), { recursive: true });
  await writeFile(join(folder, "blobs", "01", id), "old");
  await mkdir(join(folder, "buckets/b/objects", hash.slice(0, 2)), { recursive: true });
  await writeFile(join(folder, "buckets/b/bucket.json"), JSON.stringify(bucket));
  await writeFile(join(folder, "buckets/b/objects", hash.slice(0, 2), `${hash}.json`), JSON.stringify(before));
  const storage = await openFolderStorage(openNodeDisk(), folder);
  expect(await versionsOf(storage, "k")).toEqual(["null: old"]);
  await keepVersions(storage, "Enabled");
  await put(storage, "k", "new");
  const again = await openFolderStorage(openNodeDisk(), folder);
  expect(await versionsOf(again, "k")).toEqual(["null: old", "named: new"]);
});

test.each([
  ["another name", { versionId: "x".repeat(32) }],
  ["no name", { versionId: undefined }],
  ["a name that leads out of the folder", { versionId: "../../../../entrepot-server.json" }],
  ["no place", { sequence: "1" }],
  ["two natures", { deleteMarker: true, blobs: [{ id: "x", sizeBytes: 1 }] }],
])("a record of a version with %s stops the start", async (_what, change) => {
  const folder = await temporaryFolder();
  const storage = await openFolderStorage(openNodeDisk(), folder);
  await storage.createBucket(bucket);
  await keepVersions(storage, "Enabled");
  await put(storage, "k", "new");
  const objects = join(folder, "buckets/b/objects");
  const [name = ""] = (await readdir(objects, { recursive: true })).filter((one) => one.endsWith(".json"));
  const intact = JSON.parse(await readFile(join(objects, name), "utf8"));
  await writeFile(join(objects, name), JSON.stringify({ ...intact, ...change }));
  await expect(openFolderStorage(openNodeDisk(), folder)).rejects.toMatchObject({ code: "malformed" });
});

test("a record that is not one stops the start, and says which", async () => {
  const folder = await temporaryFolder();
  await (await openFolderStorage(openNodeDisk(), folder)).createBucket(bucket);
  await writeFile(join(folder, "buckets/b/bucket.json"), "{");
  await expect(openFolderStorage(openNodeDisk(), folder)).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringContaining("bucket.json"),
  });
});

test("what no server has put there stays: a bucket that has lost its record stops the start, others' files are let be", async () => {
  const folder = await temporaryFolder();
  const storage = await openFolderStorage(openNodeDisk(), folder);
  await storage.createBucket(bucket);
  await put(storage, "k", "precious");
  const blob = (await readdir(join(folder, "blobs")))[0] ?? "";
  await writeFile(join(folder, "blobs", blob, `${blob}-mine`), "mine");
  const kept = await readFile(join(folder, "buckets/b/bucket.json"));
  await rm(join(folder, "buckets/b/bucket.json"));
  const opened = () => openFolderStorage(openNodeDisk(), folder);
  await expect(opened()).rejects.toMatchObject({
    ...{ code: "malformed", message: expect.stringContaining("no bucket.json, and is not empty") },
  });
  await writeFile(join(folder, "buckets/b/bucket.json"), kept);
  await mkdir(join(folder, "buckets/mine"));
  await writeFile(join(folder, "buckets/mine/thesis.txt"), "mine");
  await expect(opened()).rejects.toMatchObject({ code: "malformed" });
  await rm(join(folder, "buckets/mine/thesis.txt"));
  expect(await versionsOf(await opened(), "k")).toEqual(["null: precious"]);
  expect(await readdir(join(folder, "blobs", blob))).toContain(`${blob}-mine`);
});

test("a crash before any operation on the disk loses nothing that was acknowledged and leaves nothing torn", async () => {
  // Counted like any other operation, but the machine's disk need not be waited for.
  const operations = { ...nodeFsOperations, fsyncLater: async () => undefined };
  const states = await everyState();
  let survived = false;
  for (let nth = 1; !survived; nth += 1) {
    const folder = await temporaryFolder();
    const failing = failNth(operations, nth, { crash: true });
    const done: string[] = [];
    await openFolderStorage(openNodeDisk({ operations: failing.operations }), folder)
      .then((storage) => everyChange(storage, done))
      .catch(() => undefined);
    survived = !failing.fired;
    const storage = await openFolderStorage(openNodeDisk(), folder);
    const contents = await contentsOf(storage);
    // The state after the last acknowledged change, or after the one that was under way.
    const possible = states.slice(done.length, done.length + 2);
    expect(possible, `crash at operation ${nth}, after ${done.join(", ")}`).toContain(JSON.stringify(contents));
    expect(await filesIn(folder), `crash at operation ${nth}`).toBe(namedBy(storage));
  }
});

/** One change of each kind, noted when it is acknowledged. */
async function everyChange(storage: Storage, done: string[] = []): Promise<void> {
  const combine = (key: string) => (_: UploadRecord, parts: readonly PartRecord[]) =>
    record(
      key,
      "e-2",
      parts.map(({ blob }) => blob),
    );
  const nameOf = (key: string, nth: number) => storage.versions("b", key).at(nth)?.versionId ?? "";
  const changes: Readonly<Record<string, () => Promise<unknown>>> = {
    bucket: () => storage.createBucket(bucket),
    "put k": () => put(storage, "k", "old"),
    "replace k": () => put(storage, "k", "new"),
    "put l": () => put(storage, "l", "gone"),
    "remove l": () => storage.remove("b", "l", 9),
    upload: () => storage.createUpload("b", { ...upload, key: "m" }),
    "part 1": async () => storage.putPart("b", "m", upload.id, await part(storage, 1, "one")),
    "part 2": async () => storage.putPart("b", "m", upload.id, await part(storage, 2, "two")),
    complete: () => storage.completeUpload("b", "m", upload.id, combine("m")),
    abandoned: () => storage.createUpload("b", { ...upload, id: "def456" }),
    abort: () => storage.abortUpload("b", "k", "def456"),
    versions: () => keepVersions(storage, "Enabled"),
    "another k": () => put(storage, "k", "newer"),
    "hide k": () => storage.remove("b", "k", 9),
    "one more k": () => put(storage, "k", "newest"),
    "hide what never was": () => storage.remove("b", "n", 9),
    "upload beside": () => storage.createUpload("b", { ...upload, id: "aa", key: "m" }),
    "part beside": async () => storage.putPart("b", "m", "aa", await part(storage, 1, "three")),
    "complete beside": () => storage.completeUpload("b", "m", "aa", combine("m")),
    "remove the marker": () => storage.removeVersion("b", "k", nameOf("k", 2)),
    "remove a version": () => storage.removeVersion("b", "k", nameOf("k", 1)),
    revise: () => storage.revise("b", "k", nameOf("k", -1), (version) => ({ ...(version as ObjectRecord), tags })),
    suspended: () => keepVersions(storage, "Suspended"),
    "null on top": () => put(storage, "k", "last"),
    "null goes": () => storage.remove("b", "k", 9),
    "remove null": () => storage.removeVersion("b", "m", "null"),
  };
  for (const [name, change] of Object.entries(changes)) {
    await change();
    done.push(name);
    await afterEachChange?.(storage);
  }
}

const tags = { a: "b" };
let afterEachChange: ((storage: Storage) => Promise<void>) | undefined;

/** What there is before the first change and after each: by a storage that cannot crash. */
async function everyState(): Promise<readonly string[]> {
  const storage = new MemoryStorage();
  const states = [JSON.stringify(await contentsOf(storage))];
  afterEachChange = async () => {
    states.push(JSON.stringify(await contentsOf(storage)));
  };
  await everyChange(storage);
  afterEachChange = undefined;
  return states;
}

async function contentsOf(storage: Storage): Promise<object> {
  if (storage.buckets().length === 0) return { buckets: [] };
  const versions: Record<string, unknown> = {};
  for (const key of keysOf(storage)) versions[key] = [await versionsOf(storage, key), storage.find("b", key)?.tags];
  const uploads = storage.uploads("b").map(({ id }) => storage.parts("b", id).length);
  return { buckets: storage.buckets(), shown: [...storage.keys("b")], versions, uploads };
}

function keysOf(storage: Storage): readonly string[] {
  return [...storage.keys("b"), ...storage.hiddenKeys("b")];
}

async function filesIn(folder: string): Promise<number> {
  return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
}

/** How many files there should be: a record of everything, a blob of everything with bytes. */
function namedBy(storage: Storage): number {
  if (storage.buckets().length === 0) return 0;
  const versions = keysOf(storage).flatMap((key) => storage.versions("b", key));
  const uploads = storage.uploads("b").map(({ id }) => 1 + 2 * storage.parts("b", id).length);
  const files = [1, ...versions.map((version) => 1 + blobsOf(version).length), ...uploads];
  return files.reduce((sum, count) => sum + count, 0);
}
