import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { s3Error } from "../errors.ts";
import { openFolderStorage } from "./folder-storage.ts";
import { MemoryStorage } from "./memory-storage.ts";
import type { DeleteMarker, ObjectRecord, PartRecord, UploadRecord, VersionRecord } from "./records.ts";
import { bucket, keepVersions, part, put, record, stage, textOf, upload, versionsOf } from "./storage.fixture.ts";
import type { Storage } from "./storage.ts";
import { versionIdOf } from "./versions-of-key.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-server-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const openings: readonly (readonly [name: string, open: () => Promise<Storage>])[] = [
  ["memory", async () => new MemoryStorage()],
  ["folder", async () => openFolderStorage(openNodeDisk(), await temporaryFolder(), { durable: false })],
];

const marker: DeleteMarker = { key: "k", modifiedMs: 0, deleteMarker: true };

const refuse = (code: "PreconditionFailed") => () => {
  throw s3Error(code);
};

describe.each(openings)("a storage in %s", (_name, open) => {
  test("keeps hostile keys apart, in the order of their UTF-8 bytes", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    const keys = [
      "a//b",
      "../../x",
      "/lead",
      "a/",
      "a",
      "a/b",
      "A",
      "\u0000",
      "😀",
      "～",
      "a\nb",
      "é",
      "e\u0301",
      "%2F",
      "CON",
      ".",
    ];
    for (const key of keys) await put(storage, key, key);
    expect([...storage.keys("b")]).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    for (const key of keys) expect(await textOf(storage, key)).toBe(key);
  });

  test("changes what is known of a bucket, or leaves it when the change is refused", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await storage.reviseBucket("b", (record) => ({ ...record, region: "eu-west-1" }));
    await expect(storage.reviseBucket("b", refuse("PreconditionFailed"))).rejects.toThrow();
    await expect(storage.reviseBucket("none", (record) => record)).rejects.toMatchObject({ code: "NoSuchBucket" });
    expect(storage.bucket("b")).toEqual({ ...bucket, region: "eu-west-1" });
  });

  test("reads ranges across the borders of blobs", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    const blobs = [await stage(storage, "abc"), await stage(storage, ""), await stage(storage, "defg")];
    await storage.put("b", record("k", "e", blobs));
    for (let start = 0; start <= 7; start += 1) {
      for (let end = start; end <= 7; end += 1) {
        expect(await textOf(storage, "k", start, end)).toBe("abcdefg".slice(start, end));
      }
    }
  });

  test("an object that is open stays readable when it is replaced, and when it is removed", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await put(storage, "k", "old");
    const object = storage.open("b", "k");
    await put(storage, "k", "new");
    await storage.remove("b", "k", 9);
    const bytes = object?.read(0, 3) ?? [];
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("old");
    object?.release();
    expect(await textOf(storage, "k")).toBeUndefined();
  });

  test("of many that may only create, one wins", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    const onlyCreate = (current: ObjectRecord | undefined) => {
      if (current !== undefined) throw s3Error("PreconditionFailed");
    };
    const texts = Array.from({ length: 20 }, (_, n) => `writer ${n}`);
    const outcomes = await Promise.allSettled(texts.map((text) => put(storage, "k", text, onlyCreate)));
    const winners = texts.filter((_, n) => outcomes[n]?.status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect(await textOf(storage, "k")).toBe(winners[0]);
  });

  test("a guard that refuses leaves everything as it was", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await put(storage, "k", "old");
    await expect(put(storage, "k", "new", refuse("PreconditionFailed"))).rejects.toMatchObject({
      code: "PreconditionFailed",
    });
    await expect(storage.remove("b", "k", 9, refuse("PreconditionFailed"))).rejects.toMatchObject({
      code: "PreconditionFailed",
    });
    expect(await textOf(storage, "k")).toBe("old");
  });

  test("a bucket that holds something stays, one that held only unfinished uploads goes", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await expect(storage.createBucket(bucket)).rejects.toMatchObject({ code: "BucketAlreadyOwnedByYou" });
    await put(storage, "k", "x");
    await expect(storage.removeBucket("b")).rejects.toMatchObject({ code: "BucketNotEmpty" });
    await storage.remove("b", "k", 9);
    await storage.createUpload("b", upload);
    await storage.putPart("b", "k", upload.id, await part(storage, 1, "one"));
    await storage.removeBucket("b");
    expect(storage.buckets()).toEqual([]);
    expect(() => storage.keys("b")).toThrow(expect.objectContaining({ code: "NoSuchBucket" }));
    await expect(put(storage, "k", "x")).rejects.toMatchObject({ code: "NoSuchBucket" });
    await storage.createBucket(bucket);
    expect(storage.uploads("b")).toEqual([]);
  });

  test("an upload's parts become an object, the last of each number, only those that are used", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await put(storage, "k", "before");
    await storage.createUpload("b", upload);
    for (const [number, text] of [
      [2, "two"],
      [1, "ONE"],
      [1, "one"],
      [3, "unused"],
    ] as const) {
      await storage.putPart("b", "k", upload.id, await part(storage, number, text));
    }
    expect(storage.parts("b", upload.id).map(({ number, etag }) => [number, etag])).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "unused"],
    ]);
    const assemble = (_: UploadRecord, parts: readonly PartRecord[]) =>
      record(
        "k",
        "e-2",
        parts.slice(0, 2).map(({ blob }) => blob),
      );
    await expect(
      storage.completeUpload("b", "k", upload.id, assemble, refuse("PreconditionFailed")),
    ).rejects.toMatchObject({ code: "PreconditionFailed" });
    expect(await textOf(storage, "k")).toBe("before");
    await storage.completeUpload("b", "k", upload.id, assemble);
    expect(await textOf(storage, "k")).toBe("onetwo");
    const late = await part(storage, 1, "late");
    await expect(storage.putPart("b", "k", upload.id, late)).rejects.toMatchObject({ code: "NoSuchUpload" });
    await expect(storage.abortUpload("b", "k", upload.id)).rejects.toMatchObject({ code: "NoSuchUpload" });
  });

  test("keeps every version while versions are kept, one version null otherwise", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await put(storage, "k", "before");
    await keepVersions(storage, "Enabled");
    await put(storage, "k", "one");
    await put(storage, "k", "two");
    expect(await versionsOf(storage, "k")).toEqual(["null: before", "named: one", "named: two"]);
    expect(await textOf(storage, "k")).toBe("two");
    await keepVersions(storage, "Suspended");
    await put(storage, "k", "three");
    await put(storage, "k", "four");
    expect(await versionsOf(storage, "k")).toEqual(["named: one", "named: two", "null: four"]);
    const names = storage.versions("b", "k").map(versionIdOf);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(versionIdOf(storage.findVersion("b", "k", name) ?? marker)).toBe(name);
  });

  test("a delete marker hides a key until it is removed, and keeps its bucket", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await keepVersions(storage, "Enabled");
    await put(storage, "k", "x");
    const made = await storage.remove("b", "k", 9);
    expect(made).toMatchObject({ key: "k", modifiedMs: 9, deleteMarker: true, versionId: expect.any(String) });
    expect([storage.find("b", "k"), [...storage.keys("b")], [...storage.hiddenKeys("b")]]).toEqual([
      undefined,
      [],
      ["k"],
    ]);
    expect(storage.open("b", "k", versionIdOf(made ?? marker))).toBeUndefined();
    await storage.remove("b", "k", 9);
    expect(await versionsOf(storage, "k")).toEqual(["named: x", "named marker", "named marker"]);
    for (const version of storage.versions("b", "k").slice(1)) {
      expect(await storage.removeVersion("b", "k", versionIdOf(version))).toEqual(version);
    }
    expect([await textOf(storage, "k"), [...storage.keys("b")], [...storage.hiddenKeys("b")]]).toEqual([
      "x",
      ["k"],
      [],
    ]);
    await storage.remove("b", "k", 9);
    await storage.removeVersion("b", "k", storage.versions("b", "k").map(versionIdOf)[0] ?? "");
    await expect(storage.removeBucket("b")).rejects.toMatchObject({ code: "BucketNotEmpty" });
    await storage.removeVersion("b", "k", versionIdOf(storage.versions("b", "k")[0] ?? marker));
    await storage.removeBucket("b");
  });

  test("a guard takes a delete marker for nothing, and looks at what the key holds now, whatever is removed", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await keepVersions(storage, "Enabled");
    const seen: (string | undefined)[] = [];
    const look = (current: ObjectRecord | undefined) => {
      seen.push(current?.etag);
    };
    await put(storage, "k", "one", look);
    await put(storage, "k", "two", look);
    await storage.removeVersion("b", "k", storage.versions("b", "k").map(versionIdOf)[0] ?? "", look);
    await storage.remove("b", "k", 9, look);
    await put(storage, "k", "three", look);
    expect(seen).toEqual([undefined, "one", "two", "two", undefined]);
    await expect(storage.removeVersion("b", "k", "null", refuse("PreconditionFailed"))).rejects.toThrow();
  });

  test("a version is revised in its place, and only that one", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await keepVersions(storage, "Enabled");
    await put(storage, "k", "one");
    await put(storage, "k", "two");
    const [first, second] = storage.versions("b", "k");
    const tag = (version: VersionRecord | undefined) => ({ ...(version as ObjectRecord), tags: { a: "b" } });
    await storage.revise("b", "k", versionIdOf(first ?? marker), tag);
    expect(storage.versions("b", "k")).toEqual([{ ...first, tags: { a: "b" } }, second]);
    await storage.revise("b", "k", undefined, tag);
    expect(storage.find("b", "k")).toEqual({ ...second, tags: { a: "b" } });
    await expect(storage.revise("b", "k", "null", refuse("PreconditionFailed"))).rejects.toThrow();
    expect(await versionsOf(storage, "k")).toEqual(["named: one", "named: two"]);
  });

  test("of many that write one key at once, all are kept, and one is the newest", async () => {
    const storage = await open();
    await storage.createBucket(bucket);
    await keepVersions(storage, "Enabled");
    const texts = Array.from({ length: 20 }, (_, n) => `writer ${n}`);
    await Promise.all(texts.map((text) => put(storage, "k", text)));
    expect((await versionsOf(storage, "k")).toSorted()).toEqual(texts.map((text) => `named: ${text}`).toSorted());
    expect(`named: ${await textOf(storage, "k")}`).toBe((await versionsOf(storage, "k")).at(-1));
  });
});
