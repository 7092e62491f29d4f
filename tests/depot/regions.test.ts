/** One server whose buckets live in several regions, over a socket: the depot goes where it is sent, and learns it once. */
import { entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

let s3: S3Server;
beforeEach(async () => {
  s3 = await startS3Server({ buckets: ["near", { name: "far", region: "eu-west-1" }], strictRegion: true });
});
afterEach(() => s3.close());

const seen = () => s3.requests.map(({ method, bucket, status }) => `${method} ${bucket} ${status}`);

test("buckets in two regions are read and written by one depot, with one request more for the far one", async () => {
  await using data = entrepot({ ...s3.options, cache: false });
  await data.writeText("s3://far/a", "one");
  await data.writeText("s3://near/a", "two");
  expect(await data.readText("s3://far/a")).toBe("one");
  expect(await data.readText("s3://near/a")).toBe("two");
  expect(seen()).toEqual(["PUT far 301", "PUT far 200", "PUT near 200", "GET far 200", "GET near 200"]);
});

test("a depot that is set to a third region finds both", async () => {
  await using data = entrepot({ ...s3.options, region: "ap-south-1", cache: false });
  await data.writeText("s3://far/a", "one");
  await data.writeText("s3://near/a", "two");
  expect([await data.readText("s3://far/a"), await data.readText("s3://near/a")]).toEqual(["one", "two"]);
});

test("a HEAD, whose refusal has no body, is sent on by its headers", async () => {
  await using data = entrepot({ ...s3.options, cache: false });
  await using other = entrepot({ ...s3.options, region: "ap-south-1", cache: false });
  await data.writeText("s3://far/a", "one");
  s3.clearRequests();
  await using fresh = entrepot({ ...s3.options, cache: false });
  expect(await fresh.stat("s3://far/a")).toMatchObject({ sizeBytes: 3 });
  expect(await other.stat("s3://far/a")).toMatchObject({ sizeBytes: 3 });
  expect(seen()).toEqual(["HEAD far 301", "HEAD far 200", "HEAD far 400", "HEAD far 200"]);
});

test("a session that has ended is told so, and is good until then", async () => {
  let nowMs = Date.now();
  const session = { accessKeyId: "ASIA", secretAccessKey: "hush", sessionToken: "t", expiresAtMs: nowMs + 60_000 };
  await using timed = await startS3Server({ buckets: ["near"], credentials: session, now: () => nowMs });
  await using data = entrepot({ ...timed.options, cache: false });
  await data.writeText("s3://near/a", "x");
  nowMs = session.expiresAtMs;
  await expect(data.readText("s3://near/a")).rejects.toMatchObject({ code: "unauthenticated" });
  expect(timed.requests.at(-1)).toMatchObject({ status: 400, errorCode: "ExpiredToken" });
});
