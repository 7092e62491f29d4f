// Buckets and objects: what goes in comes out, with what was said about it.
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { Upload } from "@aws-sdk/lib-storage";
import { check, holds, round, same, sameBytes } from "../verdict.mjs";
import { absent, bytesOf, freshBucket, put, refused, s3, send, textOf } from "./client.mjs";

const bucket = await freshBucket();
const data = randomBytes(100_000);
const etag = `"${createHash("md5").update(data).digest("hex")}"`;
const buckets = async () => (await send("ListBuckets", {})).Buckets.map((/** @type {any} */ b) => b.Name);

await check("bucket.create", async () => {
  await send("HeadBucket", { Bucket: bucket });
  holds((await buckets()).includes(bucket), "not listed");
});

await check("bucket.delete", async () => {
  const Bucket = await freshBucket();
  await send("DeleteBucket", { Bucket });
  await refused(404, undefined, send("HeadBucket", { Bucket }));
  holds(!(await buckets()).includes(Bucket), "still listed");
});

await check("bucket.not-empty", async () => {
  const Bucket = await freshBucket();
  await put(Bucket, "x", "x");
  await refused(409, ["BucketNotEmpty"], send("DeleteBucket", { Bucket }));
});

await check("bucket.missing", async () => {
  const Bucket = `nowhere-${round}`;
  await refused(404, ["NoSuchBucket"], send("GetObject", { Bucket, Key: "x" }));
  await refused(404, ["NoSuchBucket"], send("PutObject", { Bucket, Key: "x", Body: "x" }));
  await refused(404, ["NoSuchBucket"], send("ListObjectsV2", { Bucket }));
  await refused(404, undefined, send("HeadBucket", { Bucket }));
});

await check("object.round-trip", async () => {
  same((await put(bucket, "a.bin", data)).ETag, etag, "ETag of PUT");
  const found = await send("GetObject", { Bucket: bucket, Key: "a.bin" });
  same(found.ETag, etag, "ETag of GET");
  sameBytes(await found.Body.transformToByteArray(), data);
});

await check("object.empty", async () => {
  await put(bucket, "empty", "");
  same((await bytesOf(bucket, "empty")).length, 0, "length");
  same(
    (await send("ListObjectsV2", { Bucket: bucket, Prefix: "empty" })).Contents.map((/** @type {any} */ o) => o.Size),
    [0],
    "listed size",
  );
});

await check("object.head", async () => {
  await put(bucket, "head.bin", data);
  const head = await send("HeadObject", { Bucket: bucket, Key: "head.bin" });
  same([head.ContentLength, head.ETag, head.AcceptRanges], [data.length, etag, "bytes"]);
  holds(Math.abs(Date.now() - head.LastModified.getTime()) < 60_000, `modified ${head.LastModified}`);
});

await check("object.metadata", async () => {
  const said = {
    CacheControl: "max-age=7",
    ContentDisposition: 'attachment; filename="q.txt"',
    ContentEncoding: "gzip",
    ContentLanguage: "de",
    ContentType: "text/x-test",
  };
  await put(bucket, "meta", "m", { ...said, Metadata: { foo: "bar", spaced: "Value With Space" } });
  const head = await send("HeadObject", { Bucket: bucket, Key: "meta" });
  same(Object.fromEntries(Object.keys(said).map((name) => [name, head[name]])), said, "standard headers");
  same(head.Metadata, { foo: "bar", spaced: "Value With Space" }, "metadata");
});

await check("object.overwrite", async () => {
  for (const text of ["first, and longer", "second"]) {
    await put(bucket, "over", text);
    same(await textOf(bucket, "over"), text);
  }
});

await check("object.delete", async () => {
  await put(bucket, "gone", "x");
  for (let time = 0; time < 2; time++)
    same((await send("DeleteObject", { Bucket: bucket, Key: "gone" })).$metadata.httpStatusCode, 204, "status");
  await absent(bucket, "gone");
});

await check("object.missing", async () => {
  await refused(404, ["NoSuchKey"], send("GetObject", { Bucket: bucket, Key: "never" }));
  await absent(bucket, "never");
});

await check("object.large", async () => {
  const large = randomBytes(12 << 20);
  await put(bucket, "large", large);
  sameBytes(await bytesOf(bucket, "large"), large);
});

await check("multipart.round-trip", async () => {
  const large = randomBytes(18 << 20);
  await new Upload({
    client: s3,
    params: { Bucket: bucket, Key: "parts", Body: Readable.from(split(large)) },
    partSize: 8 << 20,
    queueSize: 2,
  }).done();
  sameBytes(await bytesOf(bucket, "parts"), large);
});

await check("multipart.abort", async () => {
  const { UploadId } = await send("CreateMultipartUpload", { Bucket: bucket, Key: "dropped" });
  const part = { Bucket: bucket, Key: "dropped", UploadId, PartNumber: 1, Body: "x" };
  await send("UploadPart", part);
  await send("AbortMultipartUpload", { Bucket: bucket, Key: "dropped", UploadId });
  await absent(bucket, "dropped");
  await refused(404, ["NoSuchUpload"], send("UploadPart", part));
});

await check("delete-objects.batch", async () => {
  const keys = [...Array.from({ length: 30 }, (_, n) => `batch/${n}`), "batch/a b+c%&<>é", "batch/missing"];
  for (const key of keys.slice(0, -1)) await put(bucket, key, "x");
  const said = await send("DeleteObjects", { Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } });
  same(said.Deleted?.map((/** @type {any} */ d) => d.Key).sort(), [...keys].sort(), "named");
  same(said.Errors ?? [], [], "errors");
  same((await send("ListObjectsV2", { Bucket: bucket, Prefix: "batch/" })).KeyCount, 0, "left");
  same(
    (await send("DeleteObjects", { Bucket: bucket, Delete: { Quiet: true, Objects: [{ Key: "batch/quiet" }] } }))
      .Deleted ?? [],
    [],
    "named though quiet",
  );
});

await check("copy.object", async () => {
  await put(bucket, "from", "goods", { Metadata: { foo: "bar" }, ContentType: "text/x-test" });
  await send("CopyObject", { Bucket: bucket, Key: "to", CopySource: `${bucket}/from` });
  const head = await send("HeadObject", { Bucket: bucket, Key: "to" });
  same([head.Metadata, head.ContentType, await textOf(bucket, "to")], [{ foo: "bar" }, "text/x-test", "goods"]);
});

await check("copy.metadata", async () => {
  await put(bucket, "from", "goods", { Metadata: { foo: "bar" } });
  await send("CopyObject", {
    Bucket: bucket,
    Key: "new",
    CopySource: `${bucket}/from`,
    MetadataDirective: "REPLACE",
    Metadata: { n: "2" },
    ContentType: "a/b",
  });
  const head = await send("HeadObject", { Bucket: bucket, Key: "new" });
  same([head.Metadata, head.ContentType], [{ n: "2" }, "a/b"]);
});

await check("copy.hostile-source", async () => {
  for (const key of ["sp ace/ü+%25&é.txt", "a?b#c", "a//b", "100%", "😀"]) {
    await put(bucket, key, key);
    await send("CopyObject", { Bucket: bucket, Key: "copied", CopySource: `${bucket}/${encodeURIComponent(key)}` });
    same(await textOf(bucket, "copied"), key);
  }
});

await check("copy.missing", () =>
  refused(404, ["NoSuchKey"], send("CopyObject", { Bucket: bucket, Key: "x", CopySource: `${bucket}/never` })),
);

function* split(/** @type {Uint8Array} */ bytes, size = 70_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
