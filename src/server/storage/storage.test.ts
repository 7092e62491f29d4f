import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openNodeDisk } from "../../disk/index.ts";
import { s3Error } from "../errors.ts";
import { openFolderStorage } from "./folder-storage.ts";
import { memoryStorage } from "./memory-storage.ts";
import type { ObjectRecord, PartRecord, UploadRecord } from "./records.ts";
import { bucket, part, put, record, stage, textOf, upload } from "./storage.fixture.ts";
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

const openings: readonly (readonly [name: string, open: () => Promise<Storage>])[] = [
  ["memory", async () => memoryStorage()],
  ["folder", async () => openFolderStorage(openNodeDisk(), await temporaryFolder(), { durable: false })],
];

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
    await storage.remove("b", "k");
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
    await expect(storage.remove("b", "k", refuse("PreconditionFailed"))).rejects.toMatchObject({
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
    await storage.remove("b", "k");
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
});
