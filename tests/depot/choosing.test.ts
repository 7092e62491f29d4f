/** Which of many objects are meant: filters on every verb, lists that are asked for at the same time. */
import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { startS3Server, virtualClock } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backends, openS3 } from "./backends.ts";

const pathsOf = async (listing: AsyncIterable<{ readonly path: string }>) => {
  const paths: string[] = [];
  for await (const { path } of listing) paths.push(path);
  return paths;
};

describe.each(backends)("filters on $name", ({ open }) => {
  let bench: Awaited<ReturnType<typeof open>>;
  let data: Depot;
  beforeEach(async () => {
    bench = await open();
    data = bench.data;
    for (const key of ["f/a.csv", "f/b.txt", "f/tmp/c.csv", "f/x/d.csv"]) await data.writeText(key, key);
    await data.writeText("f/large.csv", "x".repeat(1_000));
  });
  afterEach(() => bench.close());

  test("lists, globs and sums give what passes", async () => {
    const csv = { include: "*.csv", exclude: "tmp/" };
    expect(await pathsOf(data.list("f/", csv))).toEqual(["a.csv", "large.csv", "x/d.csv"]);
    expect(await pathsOf(data.list("f/", { depth: 1, kind: "any", exclude: "*.csv" }))).toEqual([
      "b.txt",
      "tmp/",
      "x/",
    ]);
    expect(await pathsOf(data.list("f/", { include: "x/**", prefix: true }))).toEqual(["x/d.csv"]);
    expect(await pathsOf(data.list("f/t", { include: "/x/*", prefix: true }))).toEqual([]);
    expect(await pathsOf(data.glob("f/**", { maxSize: 100, include: ["*.csv"] }))).toEqual([
      "a.csv",
      "tmp/c.csv",
      "x/d.csv",
    ]);
    expect(await data.usage("f/", { minSize: "1kB" })).toEqual({ objects: 1, sizeBytes: 1_000 });
    expect(await pathsOf(data.list("f/", { olderThan: "1d" }))).toEqual([]);
    expect(await pathsOf(data.list("f/", { newerThan: "1d", match: /x/ }))).toEqual(["b.txt", "x/d.csv"]);
  });

  test("copies, moves and removals do what passes, and leave the rest", async () => {
    expect((await data.copy("f/", "g/", { include: "*.csv", maxSize: 100 })).copied.objects).toBe(3);
    expect(await pathsOf(data.list("g/"))).toEqual(["a.csv", "tmp/c.csv", "x/d.csv"]);
    await data.copy(["f/a.csv", "f/b.txt"], "h/", { exclude: "*.txt" });
    expect(await pathsOf(data.list("h/"))).toEqual(["a.csv"]);
    await data.move("g/", "m/", { exclude: "a.*" });
    expect(await pathsOf(data.list("g/"))).toEqual(["a.csv"]);
    expect((await data.remove("f/", { recursive: true, minSize: 100 })).removed.objects).toBe(1);
    expect((await data.remove(data.list("f/"), { include: "tmp/" })).removed.objects).toBe(1);
    expect(await pathsOf(data.list("f/"))).toEqual(["a.csv", "b.txt", "x/d.csv"]);
    expect(await data.copy("f/", "n/", { include: "*.parquet" })).toMatchObject({ copied: { objects: 0 }, leftOut: 3 });
  });

  test("an entry that says no size or time is asked for", async () => {
    async function* bare() {
      for (const name of ["a.csv", "large.csv"]) yield { uri: data.resolve(`f/${name}`), path: name };
    }
    expect((await data.remove(bare(), { minSize: 100, newerThan: "1d" })).removed.objects).toBe(1);
    expect(await data.exists("f/a.csv")).toBe(true);
  });

  test.each([
    [{ include: "a**b" }, TypeError],
    [{ exclude: [1] }, TypeError],
    [{ minSize: "large" }, RangeError],
    [{ newerThan: 7 }, TypeError],
    [{ olderThan: "yesterday" }, RangeError],
  ])("%j is a mistake, and nothing is done", async (options, Mistake) => {
    await expect(data.remove("f/", { recursive: true, ...options } as never)).rejects.toThrow(Mistake);
    expect(() => data.list("f/", options as never)).toThrow(Mistake);
    expect(await pathsOf(data.list("f/"))).toHaveLength(5);
  });
});

describe("as the server sees it", () => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  beforeEach(async () => {
    bench = await openS3(false);
    data = bench.data;
  });
  afterEach(() => bench.close());
  const prefixes = () =>
    bench.s3.requests.flatMap(({ operation, query }) => (operation === "ListObjectsV2" ? [query["prefix"]] : []));

  test("the literal beginning of an include is the prefix that is asked for, and nothing else", async () => {
    await data.writeText("s3://b/in/2024/a.csv", "x");
    await data.writeText("s3://b/in/2023/a.csv", "x");
    bench.s3.clearRequests();
    await data.copy("s3://b/in/", "s3://b/out/", { include: "/2024/*.csv" });
    expect(await pathsOf(data.list("s3://b/in/", { include: "2024/*" }))).toEqual(["2024/a.csv"]);
    expect(prefixes()).toEqual(["in/2024/", "in/2024/"]);
  });

  test("what marks folders is copied when asked, goes with a move, and can be removed by itself", async () => {
    const marked = ["k/", "k/a", "k/sub/", "k/sub/b", "k/data/"];
    for (const key of marked)
      await data.writeText({ bucket: "b", key }, key === "k/data/" || !key.endsWith("/") ? "x" : "");
    const keys = async (folder: string) =>
      [...bench.s3.objects("b").keys()].filter((key) => key.startsWith(folder)).map((key) => key.slice(folder.length));
    await data.copy("s3://b/k/", "s3://b/plain/");
    expect(await keys("plain/")).toEqual(["a", "data/", "sub/b"]);
    await data.copy("s3://b/k/", "s3://b/whole/", { markers: true });
    expect(await keys("whole/")).toEqual(["", "a", "data/", "sub/", "sub/b"]);
    await data.copy("s3://b/k/sub/", `${join(bench.folder, "disk")}/`, { markers: true });
    await data.move("s3://b/whole/", "s3://b/moved/");
    expect(await keys("moved/")).toEqual(["", "a", "data/", "sub/", "sub/b"]);
    expect((await data.remove("s3://b/moved/", { recursive: true, markers: "only" })).removed.objects).toBe(2);
    expect(await keys("moved/")).toEqual(["a", "data/", "sub/b"]);
  });

  test("files of this disk are chosen by their age", async () => {
    for (const [name, days] of [
      ["old", 10],
      ["new", 1],
    ] as const) {
      await writeFile(join(bench.folder, name), name);
      await utimes(join(bench.folder, name), 0, Date.now() / 1000 - days * 86_400);
    }
    await data.copy(`${bench.folder}/`, "s3://b/aged/", { newerThan: "7d" });
    expect(await pathsOf(data.list("s3://b/aged/"))).toEqual(["new"]);
  });

  test("a list is asked for at the same time, within bounds, and keeps its order", async () => {
    const clock = virtualClock({ byHand: true });
    await using s3 = await startS3Server({ buckets: ["b"], clock });
    const keys = Array.from({ length: 12 }, (_, index) => `s3://b/l/${index}`);
    async function* lines() {
      yield* keys;
    }
    await using four = entrepot({ ...s3.options, cache: false, env: {}, envFile: false, concurrency: 4 });
    await Promise.all(keys.map((key) => four.writeText(key, key)));
    s3.inject("HEAD latency 1s x12");
    s3.clearRequests();
    const planned: string[] = [];
    const copying = four.copy(lines(), "s3://b/m/", { dryRun: true, onFile: ({ uri }) => planned.push(uri) });
    for (let round = 0; round < 3; round += 1) {
      await clock.whenSleeping(4);
      expect(s3.requests).toHaveLength(4 * (round + 1));
      clock.advance(1_000);
    }
    await copying;
    expect(planned).toEqual(keys);
  });
});
