/** Thousands of small files both ways: how many are open, what is asked for, what is made. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Depot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDepot } from "../../src/depot/index.ts";
import { type FsOperations, nodeFsOperations, openNodeDisk } from "../../src/disk/index.ts";

const many = 5_000;
const perFolder = 500;
let s3: S3Server;
let folder: string;
let data: Depot;
let watched: ReturnType<typeof watch>;

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  watched = watch(nodeFsOperations);
  // more at once than files may be open
  const options = {
    ...s3.options,
    concurrency: 200,
    cache: { dir: join(folder, "cache") },
    env: {},
    envFile: false as const,
  };
  data = openDepot(options, { disk: openNodeDisk({ operations: watched.operations }) }) as Depot;
  const plain = data.with({ cache: false });
  const keys = Array.from({ length: many }, (_, n) => `in/${Math.floor(n / perFolder)}/${n}.txt`).values();
  const writer = async () => {
    for (const key of keys) await plain.writeText({ bucket: "b", key }, key);
  };
  await Promise.all(Array.from({ length: 32 }, writer));
}, 60_000);
afterAll(async () => {
  await data.close();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

/** Counts what a transfer does to the disk. */
function watch(operations: FsOperations) {
  const counts = { open: 0, mostOpen: 0, made: 0, flushed: 0 };
  return {
    counts,
    reset: () => Object.assign(counts, { open: 0, mostOpen: 0, made: 0, flushed: 0 }),
    operations: {
      ...operations,
      open(path: string, flags: number, mode?: number) {
        const fd = operations.open(path, flags, mode);
        counts.open += 1;
        counts.mostOpen = Math.max(counts.mostOpen, counts.open);
        return fd;
      },
      close(fd: number) {
        operations.close(fd);
        counts.open -= 1;
      },
      mkdir(path: string, mode: number) {
        counts.made += 1;
        return operations.mkdir(path, mode);
      },
      fsyncLater(fd: number) {
        counts.flushed += 1;
        return operations.fsyncLater(fd);
      },
    },
  };
}

function requests(): Record<string, number> {
  const by: Record<string, number> = {};
  for (const { operation = "?" } of s3.requests) by[operation] = (by[operation] ?? 0) + 1;
  return by;
}

/** A page for each thousand, and some where a listing is read in several stretches. */
function expectOneEach({ ListObjectsV2: pages = 0, ...rest }: Record<string, number>): void {
  expect(rest).toEqual({ GetObject: many });
  expect(pages).toBeGreaterThanOrEqual(many / 1_000);
  expect(pages).toBeLessThan(many / 1_000 + 20);
}

describe("5,000 small objects", () => {
  const down = () => join(folder, "down/");

  test("come down with a request each, at most 64 files open, and each folder made once", async () => {
    s3.clearRequests();
    watched.reset();
    const { copied } = await data.copy("s3://b/in/", down());
    expect(copied.objects).toBe(many);
    expectOneEach(requests());
    expect(watched.counts.mostOpen).toBeLessThanOrEqual(64);
    expect(watched.counts.open).toBe(0);
    // those of the source and the target itself; those of the cache and of the transfer besides
    const folders = await readdir(down());
    expect(folders.length).toBe(many / perFolder);
    expect(watched.counts.made).toBeLessThan(many / perFolder + 20);
    expect(await readFile(join(down(), "3/1999.txt"), "utf8")).toBe("in/3/1999.txt");
    expect((await readdir(join(down(), "3"))).length).toBe(perFolder);
    // what the transfer itself keeps may be flushed, the files are not
    expect(watched.counts.flushed).toBeLessThan(100);
  }, 60_000);

  test("go up with a request each, at most 64 files open", async () => {
    s3.clearRequests();
    watched.reset();
    const { copied } = await data.copy(down(), "s3://b/up/");
    expect(copied.objects).toBe(many);
    expect(requests()).toEqual({ PutObject: many });
    expect(watched.counts.mostOpen).toBeLessThanOrEqual(64);
    expect(watched.counts.open).toBe(0);
  }, 60_000);

  test("are synced as they are copied: at most 64 files open, and no file waits for the disk", async () => {
    watched.reset();
    const target = join(folder, "synced/");
    expect((await data.sync("s3://b/in/0/", target)).copied.objects).toBe(perFolder);
    expect(watched.counts.mostOpen).toBeLessThanOrEqual(64);
    expect(watched.counts.flushed).toBeLessThan(100);
    // each is looked into, since no time is taken for a word
    watched.reset();
    expect((await data.sync("s3://b/in/0/", target, { compare: "checksum" })).copied.objects).toBe(0);
    expect(watched.counts.mostOpen).toBeLessThanOrEqual(64);
  }, 60_000);

  test("are read as one stream with a request each, and no file", async () => {
    s3.clearRequests();
    watched.reset();
    let size = 0;
    for await (const { bytes } of data.with({ cache: false }).readMany("s3://b/in/")) size += bytes.byteLength;
    expect(size).toBeGreaterThan(many * 10);
    expectOneEach(requests());
    expect(watched.counts.mostOpen).toBe(0);
  }, 60_000);

  test("are flushed one by one where durable is asked for, and where they are moved", async () => {
    for (const [verb, options] of [
      ["copy", { durable: true }],
      ["sync", { durable: true }],
      ["move", {}],
    ] as const) {
      await data.copy("s3://b/in/0/", "s3://b/few/", { match: /^1\d\.txt/ });
      watched.reset();
      await data[verb]("s3://b/few/", `${join(folder, verb)}/`, options);
      // each file, and the folder after it
      expect(watched.counts.flushed).toBeGreaterThanOrEqual(20);
    }
  });
});
