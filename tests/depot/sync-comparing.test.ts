/** By what `data.sync` tells objects apart, and what it asks and reads for that. */
import { stat, utimes } from "node:fs/promises";
import type { Depot } from "entrepot";
import { hostileKeys, type S3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SyncWorld } from "./sync-world.ts";

let world: SyncWorld;
let s3: S3Server;
let data: Depot;
beforeEach(async () => {
  world = await SyncWorld.open();
  ({ s3, data } = world);
});
afterEach(() => world.close());

describe("by checksum", () => {
  test("a tree of the same sizes and shuffled times copies exactly what has changed", async () => {
    const at = world.places["a folder"];
    const names = Array.from({ length: 40 }, (_, index) => `d${index % 4}/f${index}`);
    for (const name of names) await data.writeText(at + name, `text of ${name}`.padEnd(40, "."));
    await data.sync(at, "s3://b/tree/");
    const changed = names.filter((_, index) => index % 7 === 0);
    for (const name of changed) await data.writeText(at + name, `TEXT of ${name}`.padEnd(40, "."));
    for (const [index, name] of names.entries()) {
      const when = new Date(1e12 + ((index * 7919) % 40) * 86_400_000 * 400);
      await utimes(at + name, when, when);
    }
    const { report, told } = await world.synced(at, "s3://b/tree/", { compare: "checksum" });
    expect(Object.keys(told).filter((path) => told[path]?.startsWith("copy"))).toEqual(expect.arrayContaining(changed));
    expect(report.copied.objects).toBe(changed.length);
    expect(report.compared).toEqual({ etag: 0, checksum: 40, time: 0, size: 0 });
    // and down again into a tree whose times say nothing
    await data.copy("s3://b/tree/", world.places["another folder"]);
    await data.writeText(`${world.places["another folder"]}d0/f0`, "x".repeat(40));
    s3.clearRequests();
    const down = await world.synced("s3://b/tree/", world.places["another folder"], { compare: "checksum" });
    expect(down.told["d0/f0"]).toBe("copy: CRC64NVME differs");
    expect(down.report.copied.objects).toBe(1);
    expect(world.operations.filter((name) => name === "GetObject").length).toBe(1);
  });

  test("a large file is known again by the parts in which it was uploaded", async () => {
    const at = world.places["a folder"];
    await data.writeBytes(`${at}large`, new Uint8Array(17 * 1024 * 1024).fill(7));
    await data.sync(at, "s3://b/tree/");
    expect((await data.stat("s3://b/tree/large")).etag).toMatch(/-3"$/);
    const later = new Date(Date.now() + 60_000);
    await utimes(`${at}large`, later, later);
    s3.clearRequests();
    expect((await world.synced(at, "s3://b/tree/")).told).toEqual({ large: "skip: same MD5" });
    expect((await world.synced(at, "s3://b/tree/", { compare: "checksum" })).told).toEqual({ large: "skip: same MD5" });
    expect(new Set(world.operations)).toEqual(new Set(["ListObjectsV2"]));
  });

  test("what KMS encrypts is known by the checksum that the server keeps, since its ETag is no MD5", async () => {
    const kms = data.with({ sse: "aws:kms", checksums: "CRC32" });
    const at = world.places["a folder"];
    for (const name of ["same", "other"]) await data.writeText(at + name, name);
    await kms.sync(at, "s3://b/tree/");
    await data.writeText(`${at}other`, "OTHER");
    const { told } = await world.synced(at, "s3://b/tree/", { compare: "checksum" });
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
    const { told, report } = await world.synced("s3://b/tree/", "s3://other/tree/");
    const differs = expect.stringMatching(/^copy: (?:ETag|CRC64NVME) differs$/);
    expect(told).toEqual({ a: differs, b: differs, c: "skip: same ETag" });
    expect(report.compared.etag + report.compared.checksum).toBe(3);
    expect(world.operations.filter((name) => name === "GetObject" || name === "PutObject")).toEqual([]);
    expect(await world.texts("s3://other/tree/")).toEqual({ a: "A", b: "b", c: "c" });
  });

  test("an object in parts and its copy in one piece are compared by checksums", async () => {
    const crc = data.with({ checksums: "CRC64NVME" });
    await crc.writeBytes("s3://b/tree/large", new Uint8Array(17 * 1024 * 1024).fill(7));
    await crc.sync("s3://b/tree/", "s3://other/tree/");
    const etags = await Promise.all(["b", "other"].map(async (at) => (await data.stat(`s3://${at}/tree/large`)).etag));
    s3.clearRequests();
    const { told } = await world.synced("s3://b/tree/", "s3://other/tree/");
    expect(told).toEqual({ large: etags[0] === etags[1] ? "skip: same ETag" : "skip: same CRC64NVME" });
    expect(world.operations.filter((name) => name === "GetObject" || name === "CopyObject")).toEqual([]);
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
    const past = await SyncWorld.open(60_000);
    const at = past.places["a folder"];
    await past.data.writeText("s3://b/tree/a", "1");
    const [entry] = await past.data.list("s3://b/tree/").toArray();
    await past.data.sync("s3://b/tree/", at);
    expect((await stat(`${at}a`)).mtimeMs).toBeCloseTo(entry?.modifiedMs ?? 0, 0);
    const { told } = await past.synced("s3://b/tree/", at, { compare: "size-time" });
    expect(told).toEqual({ a: "skip: same size and time" });
    await past.close();
  });

  test("what is replaced within the same second by as many bytes is seen, up and down", async () => {
    const at = world.places["a folder"];
    for (const text of ["1", "2", "3"]) {
      await data.writeText(`${at}a`, text);
      await data.sync(at, "s3://b/up/");
      expect(await data.readText("s3://b/up/a")).toBe(text);
      await data.writeText("s3://b/tree/a", text);
      await data.sync("s3://b/tree/", world.places["another folder"]);
      expect(await data.readText(`${world.places["another folder"]}a`)).toBe(text);
    }
  });

  test("a file of the same size that somebody else has changed is fetched again", async () => {
    await data.writeText("s3://b/tree/a", "1");
    await data.sync("s3://b/tree/", world.places["a folder"]);
    await data.writeText(`${world.places["a folder"]}a`, "2");
    expect((await world.synced("s3://b/tree/", world.places["a folder"])).told).toEqual({ a: "copy: MD5 differs" });
    expect(await world.texts(world.places["a folder"])).toEqual({ a: "1" });
  });

  test("a file that was only touched is read here, and not sent", async () => {
    const at = world.places["a folder"];
    await data.writeText(`${at}a`, "1");
    await data.sync(at, "s3://b/tree/");
    const later = new Date(Date.now() + 60_000);
    await utimes(`${at}a`, later, later);
    s3.clearRequests();
    expect((await world.synced(at, "s3://b/tree/")).told).toEqual({ a: "skip: same MD5" });
    expect(world.operations).toEqual(["ListObjectsV2"]);
    expect((await world.synced(at, "s3://b/tree/", { compare: "size-time" })).told).toEqual({
      a: "copy: newer at the source",
    });
    expect((await world.synced(at, "s3://b/tree/", { compare: "size" })).told).toEqual({ a: "skip: same size" });
  });
});
