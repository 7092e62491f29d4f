/** Listings of many objects as a user of `entrepot()` meets them: over a socket, counted in requests. */
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

let s3: S3Server;
let data: Depot;

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  data = entrepot({ ...s3.options, cache: false, env: {}, envFile: false, retries: { attempts: 1 } });
});
afterEach(() => s3.reset());
afterAll(async () => {
  await data.close();
  await s3.close();
});

async function fill(keys: Iterable<string>): Promise<void> {
  await s3.load(Object.fromEntries([...keys].map((key) => [`b/${key}`, key.endsWith("/") ? "" : "xy"])));
  s3.clearRequests();
}
const numbered = (count: number, folder = "n/") =>
  Array.from({ length: count }, (_, index) => `${folder}${String(index).padStart(5, "0")}.csv`);
const counts = () => {
  const by: Record<string, number> = {};
  for (const { operation = "?" } of s3.requests) by[operation] = (by[operation] ?? 0) + 1;
  return by;
};
const pathsOf = async (entries: AsyncIterable<{ readonly path: string }>) => {
  const paths: string[] = [];
  for await (const { path } of entries) paths.push(path);
  return paths;
};

describe.each([0, 1, 999, 1000, 1001, 2500])("of %i objects none is dropped", (count) => {
  const pages = Math.max(1, Math.ceil(count / 1000));

  test("by a list, a glob and a sum, each with the requests of its pages", async () => {
    await fill(numbered(count));
    const names = numbered(count, "");
    expect(await pathsOf(data.list("s3://b/n/"))).toEqual(names);
    expect(await pathsOf(data.list("s3://b/n/", { depth: 1, kind: "any" }))).toEqual(names);
    expect(await pathsOf(data.glob("s3://b/n/*.csv"))).toEqual(names);
    expect(await pathsOf(data.glob("s3://b/n/**/*.csv"))).toEqual(names);
    expect(await data.usage("s3://b/n/")).toEqual({ objects: count, sizeBytes: 2 * count });
    expect(counts()).toEqual({ ListObjectsV2: 5 * pages });
  });
});

describe("the literal part of a pattern is what the server is asked for", () => {
  test.each([
    ["s3://b/n/0000*.csv", ["n/0000"], 10],
    ["s3://b/n/{0,1}0000.csv", ["n/"], 1],
    ["s3://b/n/000[1-3]?.csv", ["n/000"], 30],
    ["s3://b/*/00000.csv", ["", "n/", "o/"], 2],
    ["s3://b/{n,o}/0000[!0].csv", ["", "n/", "o/"], 18],
    ["s3://b/**/00001.csv", [""], 2],
  ])("%s", async (pattern, prefixes, found) => {
    await fill([...numbered(40), ...numbered(40, "o/"), "p.txt"]);
    expect((await data.glob(pattern).uris()).length).toBe(found);
    expect(s3.requests.map(({ query }) => query["prefix"] ?? "")).toEqual(prefixes);
  });
});

describe("a long listing", () => {
  const keys = Array.from({ length: 9_000 }, (_, index) => `long/${String(index * 7).padStart(8, "0")}.csv`);
  const inTurn = 9;

  test.each(["auto", 4, 1] as const)("with shards %j gives the same in the same order", async (shards) => {
    await fill(keys);
    expect(await data.list("s3://b/long/", { shards }).uris()).toEqual(keys.map((key) => `s3://b/${key}`));
    const { ListObjectsV2 = 0 } = counts();
    if (shards === 1) expect(ListObjectsV2).toBe(inTurn);
    else expect(ListObjectsV2).toBeLessThanOrEqual(inTurn * 1.34 + 8);
    expect(s3.requests.some(({ query }) => query["start-after"] !== undefined)).toBe(shards !== 1);
  });

  test("of one level, of a sum and of a glob is sharded as well", async () => {
    await fill([...keys, "long/folder/x", "long/zz/y"]);
    expect((await data.list("s3://b/long/", { depth: 1, kind: "any" }).toArray()).length).toBe(9_002);
    expect((await data.usage("s3://b/long/")).objects).toBe(9_002);
    expect((await data.glob("s3://b/long/**/*.csv").uris()).length).toBe(9_000);
    expect(s3.requests.filter(({ query }) => query["start-after"] !== undefined).length).toBeGreaterThan(3);
  });

  test("that is left early costs about what was taken", async () => {
    await fill(keys);
    let taken = 0;
    for await (const _ of data.list("s3://b/long/")) if (++taken === 2_500) break;
    expect(counts()).toEqual({ ListObjectsV2: 3 });
  });

  test("whose plan is counted is counted with all its requests", async () => {
    await fill(keys);
    const { plan } = await data.copy("s3://b/long/", "s3://b/to/", { dryRun: true });
    expect(plan?.requests.list).toBe(counts()["ListObjectsV2"]);
  });
});

describe("a listing that no server may give is a protocol error, at once and in shards", () => {
  beforeAll(async () => {
    await fill(numbered(6_500));
    s3.snapshot();
  });
  afterAll(async () => {
    await data.remove("s3://b/n/", { recursive: true });
    s3.snapshot();
  });

  test.each([
    ["a token that leads back", "loop"],
    ["more, but no way to go on", "no-token"],
    ["a key on two pages", "duplicate-key"],
    ["keys out of order", "wrong-order"],
    ["nothing but empty pages", "empty-page"],
    ["a key that was not asked for", "stray-key"],
  ] as const)("%s", async (_what, listing) => {
    for (const after of [0, 5]) {
      for (const shards of [1, "auto"] as const) {
        s3.reset();
        s3.inject({ operation: "ListObjectsV2", after, times: Number.POSITIVE_INFINITY, effect: { listing } });
        const listed = data.list("s3://b/n/", { shards }).uris();
        await expect(listed).rejects.toMatchObject({ code: "protocol" });
      }
    }
  });
});

describe("a walk", () => {
  const folders = async (walk: AsyncIterable<{ path: string; folders: unknown[]; objects: unknown[] }>) => {
    const told: string[] = [];
    for await (const { path, folders: below, objects } of walk) told.push(`${path} ${below.length} ${objects.length}`);
    return told;
  };

  test("gives each folder before those in it, in key order, in one request where a page holds all", async () => {
    await fill(["a", "f/", "f/x", "f/g/y", "f/g/z", "f-1", "h//i", "m/"]);
    expect(await folders(data.walk("s3://b"))).toEqual([" 3 2", "f/ 1 1", "f/g/ 0 2", "h/ 1 0", "h// 0 1", "m/ 0 0"]);
    expect(counts()).toEqual({ ListObjectsV2: 1 });
  });

  test("goes as deep as it is told, and nowhere from where nothing is", async () => {
    await fill(["a", "f/x", "f/g/y"]);
    expect(await folders(data.walk("s3://b/", { depth: 1 }))).toEqual([" 1 1"]);
    expect(await folders(data.walk("s3://b/", { depth: 2 }))).toEqual([" 1 1", "f/ 1 1"]);
    expect(await folders(data.walk("s3://b/none/"))).toEqual([]);
    expect(() => data.walk("s3://b/", { depth: 0 })).toThrow(RangeError);
  });

  test("does not enter what the caller takes away, and asks for nothing there", async () => {
    await fill([...numbered(1_200, "big/"), ...numbered(1_200, "no/"), "yes/x"]);
    const told: string[] = [];
    for await (const { path, folders: below } of data.walk("s3://b/")) {
      told.push(path);
      const no = below.findIndex(({ name }) => name === "no");
      if (no >= 0) below.splice(no, 1);
    }
    expect(told).toEqual(["", "big/", "yes/"]);
    expect(s3.requests.some(({ query }) => query["prefix"] === "no/")).toBe(false);
  });

  test("of larger folders asks twice for each, and once for what fits a page", async () => {
    await fill([...numbered(1_001, "a/b/"), "a/c/1", "a/d/1", "e/f/g/h"]);
    expect(await folders(data.walk("s3://b/"))).toEqual([
      " 2 0",
      "a/ 3 0",
      "a/b/ 0 1001",
      "a/c/ 0 1",
      "a/d/ 0 1",
      "e/ 1 0",
      "e/f/ 1 0",
      "e/f/g/ 0 1",
    ]);
    // the root and a/ twice, a/b/ three times (two pages of its level), a/c/, a/d/ and e/ once
    expect(counts()).toEqual({ ListObjectsV2: 10 });
  });

  test("is the same on memory", async () => {
    const memory = data.with({ cache: false });
    for (const key of ["a", "f/x", "f/g/y"]) await memory.writeText(`memory:///walk/${key}`, "");
    expect(await folders(memory.walk("memory:///walk/"))).toEqual([" 1 1", "f/ 1 1", "f/g/ 0 1"]);
  });
});
