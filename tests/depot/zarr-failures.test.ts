/** What is no chunk and what could look like one: failures, other versions, names that lead elsewhere. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { gridOf, int32, shard, shardedOf, whole2, writeVersion2, writeVersion3 } from "../zarr-hierarchies.ts";
import { openS3 } from "./backends.ts";

type S3Bench = Awaited<ReturnType<typeof openS3>>;

describe("a failure is never a missing chunk", () => {
  let bench: S3Bench;
  let data: Depot;
  beforeEach(async () => {
    bench = await openS3(false);
    data = bench.data.with({ retries: { attempts: 1 } });
    await writeVersion2(bench.data, "two.zarr/", true);
    await writeVersion3(bench.data, "three.zarr/", true);
  });
  afterEach(() => bench.close());

  test.each([
    ["403", { status: 403, code: "AccessDenied" }, "forbidden"],
    ["503", { status: 503, code: "SlowDown" }, "throttled"],
    ["500", { status: 500, code: "InternalError" }, "server-error"],
    ["a body that is cut", { cutAfterBytes: 0 }, "truncated"],
    ["a missing bucket", { status: 404, code: "NoSuchBucket" }, "not-found"],
  ] as const)("%s", async (_what, effect, code) => {
    const grid = await zarr.open.v2(zarr.root(data.zarr("two.zarr")).resolve("grid"), { kind: "array" });
    bench.s3.inject({ key: "root/two.zarr/grid/0.1", times: 9, effect });
    await expect(zarr.get(grid)).rejects.toMatchObject({ code });
    bench.s3.inject({ key: "root/three.zarr/deep/sharded/c/0", times: 9, effect });
    await expect(shardedOf(data.zarr("three.zarr"))).rejects.toMatchObject({ code });
  });

  test("a name such as the server's word for a missing bucket is but a name", async () => {
    await writeVersion2(bench.data, "NoSuchBucket.zarr/", true);
    expect(await data.zarr("NoSuchBucket.zarr").get("/grid/1.1")).toBeUndefined();
    await data.remove("NoSuchBucket.txt");
  });

  test("a refused connection", async () => {
    const other = entrepot({ ...bench.s3.options, retries: { attempts: 1 }, cache: false, env: {}, envFile: false });
    bench.s3.inject({ times: 9, effect: { refuseConnection: true } });
    await expect(other.zarr("s3://b/root/two.zarr").get("/grid/1.1")).rejects.toMatchObject({ code: "unreachable" });
    await other.close();
  });

  test("403 says how a missing one is told from a forbidden one", async () => {
    bench.s3.inject({ key: "root/two.zarr/grid/0.1", effect: { status: 403, code: "AccessDenied" } });
    await expect(data.zarr("two.zarr").get("/grid/0.1")).rejects.toMatchObject({
      hint: expect.stringContaining("s3:ListBucket"),
    });
  });

  test("an aborted call rejects with the signal's reason", async () => {
    const reason = new Error("enough");
    const store = data.zarr("two.zarr");
    await expect(store.get("/grid/0.1", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const later = data.zarr("two.zarr", { signal: AbortSignal.timeout(86_400_000) });
    expect(await later.get("/grid/1.1", {})).toBeUndefined();
  });

  test("a shard that was replaced or removed after its index was read is changed, never decoded", async () => {
    const sharded = await zarr.open.v3(zarr.root(data.zarr("three.zarr")).resolve("deep/sharded"), { kind: "array" });
    expect((await sharded.getChunk([0])).data).toEqual(Int32Array.of(0, 10));
    await data.writeBytes("three.zarr/deep/sharded/c/0", shard([undefined, int32(7, 8)], 40));
    await expect(sharded.getChunk([1])).rejects.toMatchObject({ code: "changed" });
    await data.remove("three.zarr/deep/sharded/c/0");
    await expect(sharded.getChunk([1])).rejects.toMatchObject({ code: "changed" });
    expect((await shardedOf(data.zarr("three.zarr"))).slice(0, 4)).toEqual([-1, -1, -1, -1]);
  });

  test("fewer bytes than were asked for are truncated, and what is no key or range is a mistake", async () => {
    const store = data.zarr("three.zarr");
    const wanted = { offset: 10, length: 1_000_000 };
    await expect(store.getRange("/deep/sharded/c/0", wanted)).rejects.toMatchObject({ code: "truncated" });
    await expect(store.get("zarr.json" as never)).rejects.toBeInstanceOf(TypeError);
    await expect(store.getRange("/deep/sharded/c/0", { offset: -1, length: 2 })).rejects.toBeInstanceOf(RangeError);
    expect(() => data.zarr("x.zarr", { chunks: 1 } as never)).toThrow(TypeError);
  });

  test("chunks of several sizes, an extension of version 3, are unsupported and not malformed", async () => {
    const array = {
      zarr_format: 3,
      node_type: "array",
      shape: [8],
      data_type: "int32",
      chunk_grid: { name: "rectilinear", configuration: { kind: "inline", chunk_shapes: [[2, 6]] } },
      chunk_key_encoding: { name: "default" },
      codecs: ["bytes"],
      fill_value: 0,
    };
    await bench.data.writeJson("grids.zarr/zarr.json", { zarr_format: 3, node_type: "group" });
    await bench.data.writeJson("grids.zarr/uneven/zarr.json", array);
    await expect(data.zarr("grids.zarr").tree()).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining('"rectilinear"'),
      uri: expect.stringMatching(/grids\.zarr\/uneven/),
    });
  });

  test("metadata that cannot be understood is malformed, with its address", async () => {
    await data.writeText("bad.zarr/zarr.json", '{"node_type":"array","shape":[1.5]}');
    await expect(data.zarr("bad.zarr").tree()).rejects.toMatchObject({
      code: "malformed",
      uri: "s3://b/root/bad.zarr/zarr.json",
    });
  });
});

test("a folder of this disk is not left, whatever the metadata names", async () => {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  const data = entrepot({ cache: false, env: {}, envFile: false });
  await data.writeText(join(folder, "secret.txt"), "secret");
  const store = data.zarr(join(folder, "x.zarr"));
  await expect(store.get("/../secret.txt")).rejects.toMatchObject({ code: "unsafe-key" });
  await data.close();
  await rm(folder, { recursive: true });
});

test("a hierarchy on the web is read with its query, and a walk says that nothing can be listed", async () => {
  const data = entrepot({ cache: false, env: {}, envFile: false });
  await writeVersion2(data, "memory:///two.zarr/", true);
  const urls: string[] = [];
  const web = createServer(async (request, response) => {
    urls.push(request.url ?? "");
    const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "").slice("/a b/".length);
    const bytes = await data.readBytes(`memory:///${path}`, { onError: "allow-missing" });
    response.writeHead(bytes === undefined ? 404 : 200, { etag: '"x"' }).end(bytes ?? "");
  });
  await new Promise<void>((done) => web.listen(0, "127.0.0.1", done));
  const { port } = web.address() as AddressInfo;
  try {
    const store = data.zarr(`http://127.0.0.1:${port}/a%20b/two.zarr?token=t`);
    expect(store.uri).toBe(`http://127.0.0.1:${port}/a%20b/two.zarr/`);
    expect(await gridOf(store)).toEqual(whole2);
    expect(urls).toContain("/a%20b/two.zarr/grid/.zarray?token=t");
    expect((await store.tree()).nodes).toHaveLength(4);
    await data.remove("memory:///two.zarr/.zmetadata");
    await expect(store.tree()).rejects.toMatchObject({ code: "unsupported" });
  } finally {
    web.close();
    await data.close();
  }
});

test("an anonymous reader of a public bucket needs no credentials, and is not told what is missing", async () => {
  const s3 = await startS3Server({ buckets: ["open"] });
  const owner = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
  await writeVersion2(owner, "s3://open/two.zarr/", true);
  const policy = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::open/*" };
  await putPolicy(s3, "open", [policy]);
  const { credentials: _, ...where } = s3.options;
  const anyone = entrepot({ ...where, anonymous: true, cache: false, env: {}, envFile: false });
  const store = anyone.zarr("s3://open/two.zarr");
  expect((await store.tree()).nodes).toHaveLength(4);
  await expect(store.get("/grid/1.1")).rejects.toMatchObject({
    code: "forbidden",
    hint: expect.stringContaining("s3:ListBucket"),
  });
  await Promise.all([owner.close(), anyone.close()]);
  await s3.close();
});

/** By another client: depots have no use for policies. */
async function putPolicy({ options, credentials }: S3Server, Bucket: string, Statement: readonly object[]) {
  const { PutBucketPolicyCommand, S3Client } = await import("@aws-sdk/client-s3");
  const { endpoint, region } = options;
  const { accessKeyId, secretAccessKey } = credentials;
  const keys = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, credentials: keys, forcePathStyle: true });
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement }) }));
  client.destroy();
}
