import { afterEach, expect, test } from "vitest";
import { openTransport } from "../../net/index.ts";
import { startS3Server } from "../../testing/index.ts";
import { openS3Service, type S3ServiceOptions } from "./index.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function bucketWith(options: Partial<S3ServiceOptions>) {
  const transport = openTransport();
  const server = await startS3Server({ buckets: ["b"] });
  ends.push(() => transport.close().then(() => server.close()));
  return { server, bucket: openS3Service({ ...server.options, transport, ...options }).bucket("b") };
}

test("checksums of all bytes are asked for where they are wanted, and only there", async () => {
  const { server, bucket } = await bucketWith({ checksums: "CRC32" });
  await bucket.write("k", new TextEncoder().encode("123456789"));
  server.clearRequests();
  expect((await bucket.stat("k")).checksums).toBeUndefined();
  expect((await bucket.stat("k", { checksums: true })).checksums).toEqual({ CRC32: "y/Q5Jg==" });
  expect(server.requests.map(({ headers }) => headers["x-amz-checksum-mode"])).toEqual([undefined, "ENABLED"]);
});

test("a checksum of parts' checksums is none of all bytes", async () => {
  const MiB = 1024 ** 2;
  const { bucket } = await bucketWith({ checksums: "SHA256", uploads: { singleBytes: 0, partBytes: 5 * MiB } });
  await bucket.write("k", new Uint8Array(6 * MiB));
  expect((await bucket.stat("k", { checksums: true })).checksums).toEqual({});
});
