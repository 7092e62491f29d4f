import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { failNth, nodeFsOperations, openNodeDisk } from "../../disk/index.ts";
import { openFolderStorage } from "./folder-storage.ts";
import type { PartRecord, UploadRecord } from "./records.ts";
import { bucket, part, put, record, textOf, upload } from "./storage.fixture.ts";
import type { Storage } from "./storage.ts";

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
  expect(again.find("b", "k")).toEqual(storage.find("b", "k"));
  expect(await filesIn(folder)).toEqual(await namedBy(again));
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

test("a crash before any operation on the disk loses nothing that was acknowledged and leaves nothing torn", async () => {
  // Counted like any other operation, but the machine's disk need not be waited for.
  const operations = { ...nodeFsOperations, fsyncLater: async () => undefined };
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
    const states = [done.length, done.length + 1].map((count) => JSON.stringify(stateAfter(count)));
    expect(states, `crash at operation ${nth}, after ${done.join(", ")}`).toContain(JSON.stringify(contents));
    expect(await filesIn(folder), `crash at operation ${nth}`).toEqual(await namedBy(storage));
  }
});

const steps = [
  "bucket",
  "put k",
  "replace k",
  "put l",
  "remove l",
  "upload",
  "part 1",
  "part 2",
  "complete",
  "abandoned",
  "abort",
];

/** One change of each kind, noted when it is acknowledged. */
async function everyChange(storage: Storage, done: string[] = []): Promise<void> {
  const combine = (_: UploadRecord, parts: readonly PartRecord[]) =>
    record(
      "m",
      "e-2",
      parts.map(({ blob }) => blob),
    );
  const changes: (() => Promise<unknown>)[] = [
    () => storage.createBucket(bucket),
    () => put(storage, "k", "old"),
    () => put(storage, "k", "new"),
    () => put(storage, "l", "gone"),
    () => storage.remove("b", "l"),
    () => storage.createUpload("b", { ...upload, key: "m" }),
    async () => storage.putPart("b", "m", upload.id, await part(storage, 1, "one")),
    async () => storage.putPart("b", "m", upload.id, await part(storage, 2, "two")),
    () => storage.completeUpload("b", "m", upload.id, combine),
    () => storage.createUpload("b", { ...upload, id: "def456" }),
    () => storage.abortUpload("b", "k", "def456"),
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    done.push(steps[index] ?? "");
  }
}

function stateAfter(count: number): object {
  if (count === 0) return { buckets: [] };
  const objects: Record<string, string> = {};
  if (count >= 2) objects["k"] = count >= 3 ? "new" : "old";
  if (count === 4) objects["l"] = "gone";
  if (count >= 9) objects["m"] = "onetwo";
  const parts = count >= 6 && count < 9 ? [Math.min(Math.max(count - 6, 0), 2)] : [];
  return { buckets: ["b"], objects, uploads: count === 10 ? [0] : parts };
}

async function contentsOf(storage: Storage): Promise<object> {
  if (storage.buckets().length === 0) return { buckets: [] };
  const objects: Record<string, string | undefined> = {};
  for (const key of storage.keys("b")) objects[key] = await textOf(storage, key);
  const uploads = storage.uploads("b").map(({ id }) => storage.parts("b", id).length);
  return { buckets: storage.buckets().map(({ name }) => name), objects, uploads };
}

async function filesIn(folder: string): Promise<number> {
  return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
}

/** How many files there should be: a record of everything, a blob of everything with bytes. */
async function namedBy(storage: Storage): Promise<number> {
  let files = 0;
  for (const { name } of storage.buckets()) {
    files += 1;
    for (const key of storage.keys(name)) files += 1 + (storage.find(name, key)?.blobs.length ?? 0);
    for (const { id } of storage.uploads(name)) files += 1 + 2 * storage.parts(name, id).length;
  }
  return files;
}
