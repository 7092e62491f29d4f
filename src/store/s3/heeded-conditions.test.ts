import { afterEach, describe, expect, test } from "vitest";
import { openTransport } from "../../net/index.ts";
import { type PersonalityName, type S3Server, startS3Server } from "../../testing/index.ts";
import type { BucketStore } from "../object-store.ts";
import { openS3Service, type S3ServiceOptions } from "./index.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const open: { server: S3Server; end(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { end } of open.splice(0)) await end();
});

async function bucketAt(
  personality: PersonalityName,
  options: Partial<S3ServiceOptions> = {},
): Promise<{ readonly bucket: BucketStore; readonly server: S3Server }> {
  const transport = openTransport();
  const server = await startS3Server({ personality, buckets: ["b"] });
  open.push({ server, end: () => transport.close().then(() => server.close()) });
  return { bucket: openS3Service({ ...server.options, transport, ...options }).bucket("b"), server };
}

const conditionsOf = ({ requests }: S3Server) =>
  requests.map(({ method, headers }) => [method, headers["if-match"]].join(" ").trim());

describe("a server that knows ETags only without their quotes", () => {
  test("is asked so once HEAD has shown what it denied, and from then on", async () => {
    const { bucket, server } = await bucketAt("ceph");
    const first = await bucket.write("k", bytes("1"));
    const second = await bucket.write("k", bytes("2"), { ifMatch: first.etag });
    server.clearRequests();
    const third = await bucket.write("k", bytes("3"), { ifMatch: second.etag });
    expect(conditionsOf(server)).toEqual([`PUT ${second.etag.replaceAll('"', "")}`]);
    await expect(bucket.write("k", bytes("4"), { ifMatch: second.etag })).rejects.toMatchObject({
      code: "precondition-failed",
    });
    expect((await bucket.stat("k")).etag).toBe(third.etag);
  });

  test("is not thought to be such a one when the version is another", async () => {
    const { bucket, server } = await bucketAt("aws");
    const { etag } = await bucket.write("k", bytes("1"));
    await bucket.write("k", bytes("2"));
    server.clearRequests();
    await expect(bucket.write("k", bytes("3"), { ifMatch: etag })).rejects.toMatchObject({
      code: "precondition-failed",
    });
    expect(conditionsOf(server)).toEqual([`PUT ${etag}`, "HEAD"]);
  });

  test("completes an upload in parts of this version, too", async () => {
    const uploads = { singleBytes: 0, partBytes: 5 * 1024 * 1024 };
    const { bucket } = await bucketAt("ceph", { uploads });
    const { etag } = await bucket.write("k", new Uint8Array(6 * 1024 * 1024));
    const after = await bucket.write("k", new Uint8Array(7 * 1024 * 1024), { ifMatch: etag });
    expect(await bucket.stat("k")).toMatchObject({ etag: after.etag, sizeBytes: 7 * 1024 * 1024 });
  });
});

describe("a server that heeds no conditions", () => {
  test("is found out by the generation that it names, and asked for nothing under a condition again", async () => {
    const { bucket, server } = await bucketAt("gcs");
    const failed = bucket.write("k", bytes("1"), { ifNoneMatch: "*" });
    await expect(failed).rejects.toMatchObject({ code: "unsupported", message: /may have been replaced/ });
    server.clearRequests();
    for (const condition of [{ ifNoneMatch: "*" as const }, { ifMatch: '"a"' }]) {
      await expect(bucket.write("k", bytes("2"), condition)).rejects.toMatchObject({ code: "unsupported" });
    }
    expect(server.requests).toEqual([]);
    await bucket.write("k", bytes("3"));
  });
});
