import type { Depot, FileResult, Progress } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

describe.each([
  ["behind a cache", true],
  ["without a cache", false],
])("a folder of many objects, %s", (_what, cached) => {
  let bench: Awaited<ReturnType<typeof openS3>>;
  let data: Depot;
  beforeEach(async () => {
    bench = await openS3(cached);
    data = bench.data;
  });
  afterEach(() => bench.close());

  async function writeMany(count: number): Promise<readonly string[]> {
    const keys = Array.from({ length: count }, (_, index) => `many/${String(index).padStart(5, "0")}`);
    const rest = keys.values();
    const plain = data.with({ cache: false });
    const worker = async () => {
      for (const key of rest) await plain.writeText(key, "xy");
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    bench.s3.clearRequests();
    return keys;
  }
  const counts = () => {
    const by: Record<string, number> = {};
    for (const { operation = "?" } of bench.s3.requests) by[operation] = (by[operation] ?? 0) + 1;
    return by;
  };

  test.each([
    [0, { ListObjectsV2: 1 }],
    [1, { ListObjectsV2: 1, DeleteObject: 1 }],
    [999, { ListObjectsV2: 1, DeleteObjects: 1 }],
    [1000, { ListObjectsV2: 1, DeleteObjects: 1 }],
    [1001, { ListObjectsV2: 2, DeleteObjects: 1, DeleteObject: 1 }],
    [2500, { ListObjectsV2: 3, DeleteObjects: 3 }],
  ])("is removed, %i of them, by the requests %j", async (count, requests) => {
    const keys = await writeMany(count);
    const files: FileResult[] = [];
    const progress: Progress[] = [];
    const { removed, failed } = await data.remove("many/", {
      recursive: true,
      onFile: (file) => files.push(file),
      onProgress: (told) => progress.push(told),
    });
    expect(counts()).toEqual(requests);
    expect([removed, failed]).toEqual([{ objects: count, sizeBytes: 2 * count }, []]);
    expect(files.map(({ uri }) => uri).sort()).toEqual(keys.map((key) => `s3://b/root/${key}`));
    expect(files.every(({ status, action }) => status === "done" && action === "remove")).toBe(true);
    expect(progress.map(({ doneObjects }) => doneObjects)).toEqual(keys.map((_, index) => index + 1));
    if (count > 0) expect(progress.at(-1)).toMatchObject({ totalObjects: count, totalBytes: 2 * count });
    expect(await data.list("many/").toArray()).toEqual([]);
  });

  test.each([
    [999, { HeadObject: 1, DeleteObjects: 2 }],
    [1000, { HeadObject: 1, DeleteObjects: 2 }],
    [1001, { HeadObject: 2, DeleteObjects: 2, DeleteObject: 1 }],
    [2500, { HeadObject: 1, DeleteObjects: 4 }],
  ])("loses %i of them to a sync by the requests %j, which its plan says", async (count, requests) => {
    await writeMany(count);
    const source = data.with({ cache: false });
    await source.writeText("memory:///source/kept", "x");
    bench.s3.clearRequests();
    const { removed, plan } = await source.sync("memory:///source/", "many/", { delete: true, deleteLimit: "100%" });
    expect(removed.objects).toBe(count);
    expect(counts()).toEqual({ ListObjectsV2: Math.ceil(count / 1000), PutObject: 1, ...requests });
    expect(plan?.requests.total).toBe(bench.s3.requests.length);
  });

  test("changes nothing in a dry run, and says what it would", async () => {
    await writeMany(3);
    const { removed } = await data.remove("many/", { recursive: true, dryRun: true });
    expect([removed.objects, counts()]).toEqual([3, { ListObjectsV2: 1 }]);
    expect((await data.list("many/").toArray()).length).toBe(3);
  });

  test("loses all but the object whose removal is forbidden, and that one is named with its cause", async () => {
    await writeMany(5);
    bench.s3.inject({ operation: "DeleteObject", key: /00003$/, effect: { status: 403, code: "AccessDenied" } });
    const error = await data.remove("many/", { recursive: true }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("1 of 5"),
      failures: [{ code: "forbidden", uri: "s3://b/root/many/00003" }],
    });
    expect(counts()).toEqual({ ListObjectsV2: 1, DeleteObjects: 1 });
    expect((await data.list("many/").toArray()).map(({ path }) => path)).toEqual(["00003"]);
  });

  test("is asked for again where single objects failed inside the server, for these alone", async () => {
    await writeMany(3);
    bench.s3.inject({ operation: "DeleteObject", key: /00001$/, effect: { status: 500 } });
    const { removed } = await data.remove("many/", { recursive: true });
    expect([removed.objects, counts()]).toEqual([3, { ListObjectsV2: 1, DeleteObjects: 2 }]);
    expect(bench.s3.pendingFaults).toEqual([]);
  });

  test.each([
    ["refused for the moment", { status: 503 }],
    ["answered with an error in a 200", { errorInBody: "InternalError" }],
    ["carried out, and its answer lost", { loseAnswer: true }],
    ["answered, and the answer broken off", { resetAfterBytes: 60 }],
  ] as const)("is removed although the request was %s", async (_how, effect) => {
    await writeMany(3);
    bench.s3.inject({ operation: "DeleteObjects", effect });
    const { removed } = await data.remove("many/", { recursive: true });
    expect([removed.objects, counts()]).toEqual([3, { ListObjectsV2: 1, DeleteObjects: 2 }]);
  });

  test("is removed one by one where the server does not know how to delete many, which is asked once", async () => {
    await writeMany(1005);
    const effect = { status: 501, code: "NotImplemented" };
    bench.s3.inject({ operation: "DeleteObjects", times: Number.POSITIVE_INFINITY, effect });
    const { removed } = await data.with({ concurrency: 1 }).remove("many/", { recursive: true });
    expect(removed.objects).toBe(1005);
    expect(counts()).toEqual({ ListObjectsV2: 2, DeleteObjects: 1, DeleteObject: 1005 });
  });

  test("under a condition is removed one by one", async () => {
    await data.writeText("many/a", "x");
    const { etag } = await data.stat("many/a");
    bench.s3.clearRequests();
    await data.remove(["many/a"], { ifMatch: etag });
    expect(counts()).toMatchObject({ DeleteObject: 1 });
    expect(counts()).not.toHaveProperty("DeleteObjects");
  });

  test("that was read before is in the cache no longer", async () => {
    await writeMany(3);
    await data.readText("many/00001");
    await data.remove("many/", { recursive: true });
    const offline = data.with({ network: "offline" });
    await expect(offline.readText("many/00001")).rejects.toMatchObject({ code: cached ? "not-cached" : "unreachable" });
  });
});

test("a list of names in two buckets is removed in one request for each", async () => {
  const bench = await openS3(false);
  const data = bench.data;
  try {
    await data.createBucket("s3://other");
    const uris = ["s3://b/1", "s3://other/1", "s3://b/2", "s3://other/2"];
    for (const uri of uris) await data.writeText(uri, "x");
    const listed = async function* () {
      for (const bucket of ["b", "other"]) yield* data.list(`s3://${bucket}/`);
    };
    bench.s3.clearRequests();
    await data.remove(listed());
    const posts = bench.s3.requests.filter(({ operation }) => operation === "DeleteObjects");
    expect(posts.map(({ bucket }) => bucket).sort()).toEqual(["b", "other"]);
    expect(bench.s3.requests.some(({ operation }) => operation === "DeleteObject")).toBe(false);
  } finally {
    await bench.close();
  }
});
