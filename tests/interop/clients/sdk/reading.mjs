// Byte ranges.
import { randomBytes } from "node:crypto";
import { check, same, sameBytes } from "../verdict.mjs";
import { bytesOf, freshBucket, put, refused, send } from "./client.mjs";

const bucket = await freshBucket();
const data = randomBytes(100_000);
const { ETag } = await put(bucket, "r", data);
const range = (/** @type {string} */ Range, more = {}) => bytesOf(bucket, "r", { Range, ...more });
const get = (/** @type {string} */ Key, /** @type {string} */ Range, more = {}) =>
  send("GetObject", { Bucket: bucket, Key, Range, ...more });

await check("range.middle", async () => {
  const found = await get("r", "bytes=10-19");
  same(
    [found.$metadata.httpStatusCode, found.ContentRange, found.ContentLength, found.ETag],
    [206, "bytes 10-19/100000", 10, ETag],
  );
  sameBytes(await found.Body.transformToByteArray(), data.subarray(10, 20));
});

await check("range.suffix", async () => {
  sameBytes(await range("bytes=-5"), data.subarray(-5));
  sameBytes(await range("bytes=-200000"), data, "a suffix beyond the size");
});

await check("range.open", async () => {
  sameBytes(await range("bytes=99990-"), data.subarray(99_990));
  sameBytes(await range("bytes=0-"), data);
});

await check("range.clamped", async () => {
  const found = await get("r", "bytes=99990-200000");
  same(found.ContentRange, "bytes 99990-99999/100000");
  sameBytes(await found.Body.transformToByteArray(), data.subarray(99_990));
});

await check("range.unsatisfiable", async () => {
  await refused(416, ["InvalidRange"], get("r", "bytes=100000-100001"));
  await put(bucket, "nothing", "");
  await refused(416, ["InvalidRange"], get("nothing", "bytes=0-0"));
});

await check("range.if-match", async () => {
  sameBytes(await range("bytes=1-2", { IfMatch: ETag }), data.subarray(1, 3));
  await refused(412, ["PreconditionFailed"], get("r", "bytes=1-2", { IfMatch: '"other"' }));
});
