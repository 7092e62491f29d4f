/** Zarr by zarrita, from every backend and over a socket: what is asked for is read, and nothing else. */
import type { Depot } from "entrepot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { gridOf, shardedOf, whole2, whole3, writeVersion2, writeVersion3 } from "../zarr-hierarchies.ts";
import { backends, openS3 } from "./backends.ts";

type S3Bench = Awaited<ReturnType<typeof openS3>>;
describe.each(backends)("on $name", ({ open }) => {
  let bench: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    bench = await open();
    await writeVersion2(bench.data, "two.zarr/", true);
    await writeVersion3(bench.data, "three.zarr/", true);
  });
  afterAll(() => bench.close());

  test("a version 2 hierarchy is read, and a chunk that was never written is its fill value", async () => {
    expect(await gridOf(bench.data.zarr("two.zarr"))).toEqual(whole2);
  });

  test("a version 3 hierarchy is read from its shards, by ranges", async () => {
    expect(await shardedOf(bench.data.zarr("three.zarr/"))).toEqual(whole3);
  });

  test("consolidated metadata of both versions opens the group", async () => {
    for (const name of ["two.zarr", "three.zarr"]) {
      const store = await zarr.withConsolidatedMetadata(bench.data.zarr(name));
      const group = await zarr.open(store, { kind: "group" });
      expect(group.kind).toBe("group");
    }
  });

  test("a hierarchy that is not there is not found, and says so by `undefined` alone", async () => {
    const store = bench.data.zarr("none.zarr");
    expect(await store.get("/zarr.json")).toBeUndefined();
    expect(await store.getRange("/c/0", { suffixLength: 8 })).toBeUndefined();
    await expect(store.tree()).rejects.toMatchObject({ code: "not-found" });
  });

  test("the tree has groups and arrays with what their metadata says", async () => {
    expect(await bench.data.zarr("two.zarr").tree()).toMatchObject({
      format: 2,
      consolidated: true,
      nodes: [
        { kind: "group", path: "" },
        { kind: "group", path: "deep" },
        { kind: "array", path: "deep/line", shape: [5], dataType: "<U3", sizeBytes: 60, chunks: 1, codecs: [] },
        {
          kind: "array",
          path: "grid",
          shape: [4, 6],
          chunkShape: [2, 3],
          dataType: "<i4",
          codecs: ["gzip"],
          dimensionNames: ["y", "x"],
          sizeBytes: 96,
          chunks: 4,
          shards: undefined,
        },
      ],
    });
    expect((await bench.data.zarr("three.zarr").tree()).nodes).toMatchObject([
      { kind: "group", path: "" },
      { kind: "group", path: "deep" },
      {
        path: "deep/sharded",
        shape: [8],
        chunkShape: [2],
        shardShape: [4],
        dataType: "int32",
        codecs: ["bytes", "gzip"],
        dimensionNames: ["time"],
        sizeBytes: 32,
        chunks: 4,
        shards: 2,
      },
    ]);
  });
});

describe("by requests", () => {
  let bench: S3Bench;
  let data: Depot;
  beforeAll(async () => {
    bench = await openS3(false);
    ({ data } = bench);
    await writeVersion2(data, "two.zarr/", true);
    await writeVersion2(data, "plain2.zarr/", false);
    await writeVersion3(data, "three.zarr/", true);
    await writeVersion3(data, "plain3.zarr/", false);
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.s3.clearRequests());
  const asked = () => bench.s3.requests.map(({ method, key: path, status }) => `${method} ${path?.slice(5)} ${status}`);

  test("opening an array of version 2 and one chunk is exactly its two documents and that chunk", async () => {
    const grid = await zarr.open.v2(zarr.root(data.zarr("two.zarr")).resolve("grid"), { kind: "array" });
    const chunk = await grid.getChunk([0, 1]);
    expect([...(chunk.data as Int32Array)]).toEqual([3, 4, 5, 9, 10, 11]);
    expect(asked().sort()).toEqual([
      "GET two.zarr/grid/.zarray 200",
      "GET two.zarr/grid/.zattrs 200",
      "GET two.zarr/grid/0.1 200",
    ]);
  });

  test("with consolidated metadata it is one document and that chunk", async () => {
    const store = await zarr.withConsolidatedMetadata(data.zarr("two.zarr"));
    const grid = await zarr.open.v2(zarr.root(store).resolve("grid"), { kind: "array" });
    expect((await grid.getChunk([1, 1])).data).toEqual(Int32Array.of(-1, -1, -1, -1, -1, -1));
    expect(asked()).toEqual(["GET two.zarr/.zmetadata 200", "GET two.zarr/grid/1.1 404"]);
  });

  test("a chunk in a shard is the shard's index and its own bytes", async () => {
    const sharded = await zarr.open.v3(zarr.root(data.zarr("three.zarr")).resolve("deep/sharded"), { kind: "array" });
    expect((await sharded.getChunk([1])).data).toEqual(Int32Array.of(20, 30));
    expect(asked()).toEqual([
      "GET three.zarr/deep/sharded/zarr.json 200",
      "GET three.zarr/deep/sharded/c/0 206",
      "GET three.zarr/deep/sharded/c/0 206",
    ]);
    const [, index, chunk] = bench.s3.requests;
    expect(index?.range).toBe(`bytes=-${2 * 16 + 4}`);
    expect(chunk?.headers["if-match"]).toMatch(/^".+"$/);
  });

  test("a consolidated tree is one request", async () => {
    await data.zarr("two.zarr").tree();
    expect(asked()).toEqual(["GET two.zarr/.zmetadata 200"]);
    bench.s3.clearRequests();
    await data.zarr("three.zarr").tree({ format: 3 });
    expect(asked()).toEqual(["GET three.zarr/zarr.json 200"]);
  });

  test.each([
    ["plain2.zarr", 2],
    ["plain3.zarr", 2],
  ])("the tree of %s, which is not consolidated, lists its groups and never an array", async (name, listings) => {
    const { nodes, consolidated } = await data.zarr(name).tree();
    const like = await data.zarr(name.replace("plain2", "two").replace("plain3", "three")).tree();
    expect(consolidated).toBe(false);
    expect(nodes.map(({ path, kind }) => [path, kind])).toEqual(like.nodes.map(({ path, kind }) => [path, kind]));
    const lists = bench.s3.requests.filter(({ operation }) => operation === "ListObjectsV2");
    expect(lists.map(({ query }) => query["prefix"])).toEqual(
      ["", "deep/"].map((path) => `root/${name}/${path}`).slice(0, listings),
    );
  });

  test("a tree goes as deep as it is told, and lists no more names than it may", async () => {
    expect((await data.zarr("two.zarr").tree({ depth: 1 })).nodes.map(({ path }) => path)).toEqual([
      "",
      "deep",
      "grid",
    ]);
    bench.s3.clearRequests();
    const { nodes } = await data.zarr("plain3.zarr").tree({ depth: 1, format: 3 });
    expect(nodes.map(({ path }) => path)).toEqual(["", "deep"]);
    expect(asked()).toHaveLength(3);
    await expect(data.zarr("plain2.zarr").tree({ maxEntries: 3 })).rejects.toMatchObject({ code: "limit-exceeded" });
  });
});

describe("through the cache", () => {
  let bench: S3Bench;
  beforeAll(async () => {
    bench = await openS3(true);
    const other = bench.data.with({ cache: false });
    await writeVersion2(other, "two.zarr/", true);
    await writeVersion3(other, "three.zarr/", true, 100_000);
  });
  afterAll(() => bench.close());

  test("what was read once is read without a network, and what was not is an error", async () => {
    expect(await gridOf(bench.data.zarr("two.zarr"))).toEqual(whole2);
    const offline = bench.data.with({ network: "offline" }).zarr("two.zarr");
    expect((await offline.get("/grid/0.1"))?.byteLength).toBeGreaterThan(0);
    await expect(offline.get("/deep/line/0")).rejects.toMatchObject({ code: "not-cached" });
  });

  test("of a pinned hierarchy all is read without a network, and a chunk that the listing lacks is missing", async () => {
    await bench.data.cache.pin("two.zarr/");
    const offline = bench.data.with({ network: "offline" }).zarr("two.zarr");
    expect(await gridOf(offline)).toEqual(whole2);
    expect(await offline.get("/deep/line/0")).toBeUndefined();
  });

  test("a second reader of a shard sends no body", async () => {
    expect(await shardedOf(bench.data.zarr("three.zarr"))).toEqual(whole3);
    bench.s3.clearRequests();
    expect(await shardedOf(bench.data.zarr("three.zarr"))).toEqual(whole3);
    expect(bench.s3.requests.map(({ status }) => status)).toEqual(bench.s3.requests.map(() => 304));
  });
});
