/** What a depot makes of each fault of the test server: the right result after all, or an error that says what is the matter. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Depot, entrepot } from "../../src/index.ts";
import { type S3Server, startS3Server } from "../../src/testing/index.ts";

/** Large enough for several requests at once. */
const large = Buffer.alloc(
  20_000_000,
  Buffer.from(Array.from({ length: 65_521 }, (_, i) => (i * 7919 + (i >> 8)) & 255)),
);

let s3: S3Server;
beforeAll(async () => {
  const many = Object.fromEntries(
    Array.from({ length: 1500 }, (_, i) => [`b/many/${String(i).padStart(4, "0")}`, "x"]),
  );
  s3 = await startS3Server({ buckets: ["b"], fixtures: { "b/k": "0123456789", "b/large": large, ...many } });
});
beforeEach(() => s3.reset());
afterEach(() => expect(s3.internalErrors).toEqual([]));
afterAll(() => s3.close());

const verbs = {
  read: async (data: Depot) => data.readText("s3://b/k"),
  range: async (data: Depot) => Buffer.from(await data.readRange("s3://b/k", { start: 2, end: 6 })).toString(),
  large: async (data: Depot) => large.equals(Buffer.from(await data.readBytes("s3://b/large"))),
  stat: async (data: Depot) => (await data.stat("s3://b/k")).sizeBytes,
  exists: async (data: Depot) => data.exists("s3://b/k"),
  list: async (data: Depot) => new Set((await data.list("s3://b/many/").toArray()).map(({ uri }) => uri)).size,
  write: async (data: Depot) => (await data.writeText("s3://b/new", "new")).sizeBytes,
  create: async (data: Depot) => (await data.writeText("s3://b/new", "new", { ifNoneMatch: "*" })).sizeBytes,
  upload: async (data: Depot) => (await data.writeBytes("s3://b/new", large)).sizeBytes,
  copy: async (data: Depot) => (await data.copy("s3://b/k", "s3://b/copied")).copied.objects,
  remove: async (data: Depot) => (await data.remove("s3://b/k")).removed.objects,
};
type Verb = keyof typeof verbs;

const results: Readonly<Record<Verb, unknown>> = {
  ...{ read: "0123456789", range: "2345", large: true, stat: 10, exists: true, list: 1500, write: 3, create: 3 },
  ...{ upload: large.length, copy: 1, remove: 1 },
};

/** With default settings, except that what fails for good is not tried ten times. */
async function outcome(verb: Verb, lines: string): Promise<unknown> {
  s3.inject(...lines.split(" + "));
  const retries = lines.includes("always") ? { retries: { attempts: 2 } } : {};
  const data = entrepot({ ...s3.options, env: {}, envFile: false, cache: false, ...retries });
  try {
    return await verbs[verb](data).catch((error: { code?: string }) => error.code ?? error);
  } finally {
    await data.close();
  }
}

describe("gets the right result", () => {
  test.each<[string, ...Verb[]]>([
    ["503 SlowDown x1", "read", "stat", "list", "write", "create", "copy"],
    ["GET 503 retry-after 1s", "read"],
    ["500 x2", "read", "range", "large", "stat", "exists", "list", "write", "upload", "copy", "remove"],
    ["PUT 500 carried-out", "write"],
    ["400 RequestTimeout x2", "read", "write"],
    ["proxy-error 502 x2", "read", "large", "exists", "list", "write", "remove"],
    ["proxy-error 504 x2", "read", "upload"],
    ["rate 5/s per bucket burst 2", "read", "list", "large"],
    ["clock-skew 20m", "read", "large", "list", "write", "upload"],
    ["clock-skew -20m", "read", "create"],
    ["error-in-body InternalError", "list", "write", "create", "copy", "upload"],
    ["refuse-connection x2", "read", "write"],
    ["lose-answer x2", "read", "large", "list", "write", "create", "upload", "copy", "remove"],
    ["reset-upload-after 1 x2", "write", "create", "upload"],
    ["cut-after 3 x2", "read", "range", "large", "list", "upload"],
    ["reset-after 3 x2", "read", "range", "large", "list", "upload"],
    ["close announced always", "read", "large", "list", "upload"],
    ["close unannounced always", "read", "large", "list", "upload"],
    ["no-continue always", "write", "upload"],
    ["latency 1ms..30ms always", "read", "large", "upload"],
    ["body-delay 20ms always", "read", "large", "list"],
    ["bandwidth 50MB/s always", "large", "upload"],
    ["GET drip 3 every 5ms", "read", "range"],
    ["slow-headers 50 every 5ms", "read", "write"],
    ["content-length +5 x2", "read", "list", "write"],
    ["GET content-length -3 x2", "read"],
    ["GET content-length missing always", "read", "list", "large"],
    ["truncate-body 3 x2", "read", "large"],
    ["corrupt-byte 2 x2", "read", "large"],
    ["checksum wrong x2", "read", "large"],
    ["checksum missing always", "read", "large", "upload"],
    ["gzip x2", "read", "large"],
    ["etag missing always", "read", "stat", "write"],
    ["etag wrong x2", "read", "large", "copy"],
    ["GET large shift-range 1 x2", "large"],
    ["ignore-range always", "range", "large"],
    ["ignore-conditions always", "read", "large", "write", "create"],
    ["GET content-range missing x2", "large"],
    ["listing empty-page x2", "list"],
  ])("under %s", async (lines, ...which) => {
    for (const verb of which) {
      s3.reset();
      expect([verb, await outcome(verb, lines)]).toEqual([verb, results[verb]]);
      if (verb === "create" || verb === "write") expect(await s3.objects("b").get("new")?.text()).toBe("new");
      // What the fault asked for has come: the result is no luck.
      if (!lines.includes("x2")) expect([verb, s3.pendingFaults]).toEqual([verb, []]);
    }
  });
});

describe("says what is the matter", () => {
  test.each<[string, string, ...Verb[]]>([
    ["503 always", "throttled", "read", "stat", "list", "write"],
    ["rate 0.001/s per bucket burst 1 429 + GET 404 NoSuchKey always", "not-found", "read"],
    ["500 always", "server-error", "read", "exists", "list", "write"],
    ["proxy-error 502 always", "unreachable", "read", "exists", "write", "remove"],
    ["expired-token always", "unauthenticated", "read", "exists", "list", "write", "upload"],
    ["redirect always", "misconfigured", "read", "exists", "write"],
    ["redirect 301 to http://127.0.0.1:1 region eu-west-1 always", "misconfigured", "read", "write"],
    ["error-in-body InternalError always", "server-error", "list", "write", "copy"],
    ["GetObject error-in-body InternalError always", "protocol", "read", "range", "large"],
    ["refuse-connection always", "unreachable", "read", "exists", "list", "write"],
    ["lose-answer always", "unreachable", "read", "exists", "list"],
    ["cut-after 0 always", "truncated", "read", "range", "list", "large"],
    ["reset-after 0 always", "truncated", "read", "list"],
    ["GET content-length +5 always", "truncated", "read", "list"],
    ["HEAD content-length missing", "protocol", "stat"],
    ["garbage always", "protocol", "read", "exists", "list", "write"],
    ["header-flood 100KiB always", "protocol", "read", "write"],
    ["truncate-body 3 always", "integrity", "read", "large"],
    ["corrupt-byte 2 always", "integrity", "read", "large"],
    ["checksum wrong always", "integrity", "read", "large"],
    ["gzip always", "integrity", "read", "large"],
    ["GET large shift-range 1 always", "integrity", "large"],
    ["GET truncate-body 50 query list-type", "protocol", "list"],
    ["GET gzip query list-type", "protocol", "list"],
    ["content-range missing always", "protocol", "range"],
    ['content-range "bytes 0-1/10" always', "protocol", "range"],
    ["GET large etag wrong always", "changed", "large"],
    ["listing loop always", "protocol", "list"],
    ["listing no-token", "protocol", "list"],
    ["listing duplicate-key", "protocol", "list"],
    ["listing wrong-order", "protocol", "list"],
    ["listing stray-key", "protocol", "list"],
    ["listing empty-page always", "protocol", "list"],
    ["PUT etag missing always", "protocol", "upload"],
    ["PUT etag wrong always", "protocol", "upload"],
  ])("under %s: %s", async (lines, code, ...which) => {
    for (const verb of which) {
      s3.reset();
      expect([verb, await outcome(verb, lines)]).toEqual([verb, code]);
      expect([verb, s3.pendingFaults]).toEqual([verb, []]);
    }
  });
});

describe("tells missing, forbidden, unreachable and a stranger's word apart", () => {
  test.each<[string, unknown]>([
    ["404 NoSuchKey always", false],
    ["delete-before", false],
    ["404 NoSuchBucket always", false],
    ["403 always", "forbidden"],
    ["403 InvalidAccessKeyId always", "unauthenticated"],
    ["proxy-error 404 always", "protocol"],
    ["proxy-error 403 always", "protocol"],
    ["proxy-error 410 always", "protocol"],
    ["proxy-error 407 always", "protocol"],
    ["proxy-error 200 always", "protocol"],
    ["proxy-error 503 always", "throttled"],
    ["refuse-connection always", "unreachable"],
    ["lose-answer always", "unreachable"],
    ["garbage always", "protocol"],
    ["stale", true],
  ])("%s: exists() is %s", async (line, expected) => {
    expect(await outcome("exists", line)).toBe(expected);
  });

  test("a stranger's 404 removes nothing and is no success", async () => {
    expect(await outcome("remove", "proxy-error 404 always")).toBe("protocol");
    s3.clearRequests();
    expect(s3.objects("b").has("k")).toBe(true);
  });

  test("in a bucket that has answered before, too", async () => {
    const data = entrepot({ ...s3.options, env: {}, envFile: false, cache: false });
    expect(await data.exists("s3://b/k")).toBe(true);
    s3.inject("proxy-error 404 always");
    await expect(data.exists("s3://b/k")).rejects.toMatchObject({ code: "protocol" });
    await data.close();
  });
});

test("an object that is replaced between two of its ranges is read as one of the two versions", async () => {
  s3.inject('GET large replace-with "abc" after 1');
  const data = entrepot({ ...s3.options, env: {}, envFile: false, cache: false });
  expect(await data.readText("s3://b/large")).toBe("abc");
  expect(s3.pendingFaults).toEqual([]);
  await data.close();
});

describe("cannot know, and says so in its documentation", () => {
  test("a range has no checksum: bytes that were exchanged in it are taken for the object's", async () => {
    expect(await outcome("range", "corrupt-byte 1")).not.toBe("2345");
    expect(await outcome("range", "shift-range 1")).toBe("3456");
  });

  test("a key that no page has, a read from before the last write, a condition that nobody looked at", async () => {
    expect(await outcome("list", "listing missing-key")).toBe(1499);
    s3.inject("stale");
    const data = entrepot({ ...s3.options, env: {}, envFile: false, cache: false });
    await data.writeText("s3://b/k", "later");
    expect(await data.readText("s3://b/k")).toBe("0123456789");
    s3.inject("PUT ignore-conditions");
    await data.writeText("s3://b/k", "lost", { ifNoneMatch: "*" });
    expect(await data.readText("s3://b/k")).toBe("lost");
    await data.close();
  });
});
