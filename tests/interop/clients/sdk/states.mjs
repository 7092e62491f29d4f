// Versions, tags, attributes, policies and parts, by the SDK's own commands.
import { randomBytes } from "node:crypto";
import { check, holds, same, sameBytes } from "../verdict.mjs";
import { bytesOf, client, freshBucket, put, refused, send, textOf } from "./client.mjs";

const Bucket = await freshBucket();
const MIB = 1 << 20;

async function versioned() {
  const name = await freshBucket();
  await send("PutBucketVersioning", { Bucket: name, VersioningConfiguration: { Status: "Enabled" } });
  return name;
}

await check("versioning.round-trip", async () => {
  const name = await versioned();
  const first = (await put(name, "v", "one")).VersionId;
  const second = (await put(name, "v", "two")).VersionId;
  holds(first !== undefined && second !== undefined && first !== second, "two versions have one name");
  same([await textOf(name, "v"), await textOf(name, "v", { VersionId: first })], ["two", "one"]);
  await send("CopyObject", { Bucket: name, Key: "v", CopySource: `${name}/v?versionId=${first}` });
  same(await textOf(name, "v"), "one", "an old version copied over the new one");
});
await check("versioning.delete-marker", async () => {
  const name = await versioned();
  await put(name, "v", "one");
  const said = await send("DeleteObject", { Bucket: name, Key: "v" });
  same(said.DeleteMarker, true);
  await refused(404, ["NoSuchKey"], send("GetObject", { Bucket: name, Key: "v" }));
  await send("DeleteObject", { Bucket: name, Key: "v", VersionId: said.VersionId });
  same(await textOf(name, "v"), "one");
});
await check("versioning.list", async () => {
  const name = await versioned();
  for (const key of ["a", "b", "b"]) await put(name, key, "x");
  await send("DeleteObject", { Bucket: name, Key: "a" });
  const { Versions, DeleteMarkers } = await send("ListObjectVersions", { Bucket: name });
  same(
    Versions.map((/** @type {any} */ one) => [one.Key, one.IsLatest]),
    [
      ["a", false],
      ["b", true],
      ["b", false],
    ],
  );
  same(
    DeleteMarkers.map((/** @type {any} */ one) => [one.Key, one.IsLatest]),
    [["a", true]],
  );
});
await check("tagging.object", async () => {
  await put(Bucket, "tagged", "x", { Tagging: "a=1" });
  const TagSet = [{ Key: "k", Value: "v" }];
  await send("PutObjectTagging", { Bucket, Key: "tagged", Tagging: { TagSet } });
  same((await send("GetObjectTagging", { Bucket, Key: "tagged" })).TagSet, TagSet);
  await send("DeleteObjectTagging", { Bucket, Key: "tagged" });
  same((await send("GetObjectTagging", { Bucket, Key: "tagged" })).TagSet, []);
});
await check("tagging.bucket", async () => {
  const TagSet = [{ Key: "k", Value: "v" }];
  await send("PutBucketTagging", { Bucket, Tagging: { TagSet } });
  same((await send("GetBucketTagging", { Bucket })).TagSet, TagSet);
  await send("DeleteBucketTagging", { Bucket });
  await refused(404, ["NoSuchTagSet"], send("GetBucketTagging", { Bucket }));
});
await check("policy.public-read", async () => {
  const name = await freshBucket();
  await put(name, "open", "open");
  const Statement = [
    { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${name}/open` },
  ];
  await send("PutBucketPolicy", { Bucket: name, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
  const nobody = client({ signer: { sign: async (/** @type {any} */ request) => request } });
  same(await (await send("GetObject", { Bucket: name, Key: "open" }, nobody)).Body.transformToString(), "open");
  await refused(403, ["AccessDenied"], send("PutObject", { Bucket: name, Key: "open", Body: "x" }, nobody));
});
await check("multipart.part-number", async () => {
  const parts = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(1)];
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key: "numbered", ChecksumAlgorithm: "CRC32" });
  const Parts = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const said = await send("UploadPart", {
      ...{ Bucket, Key: "numbered", UploadId, PartNumber, Body, ChecksumAlgorithm: "CRC32" },
    });
    Parts.push({ PartNumber, ETag: said.ETag, ChecksumCRC32: said.ChecksumCRC32 });
  }
  await send("CompleteMultipartUpload", { Bucket, Key: "numbered", UploadId, MultipartUpload: { Parts } });
  sameBytes(await bytesOf(Bucket, "numbered", { PartNumber: 2 }), parts[1] ?? new Uint8Array());
  const told = await send("GetObjectAttributes", {
    ...{ Bucket, Key: "numbered", ObjectAttributes: ["ObjectParts", "Checksum", "ObjectSize"] },
  });
  same([told.ObjectSize, told.ObjectParts.TotalPartsCount, told.ObjectParts.Parts?.length], [10 * MIB + 1, 3, 3]);
  same(told.ObjectParts.Parts[1].ChecksumCRC32, Parts[1]?.ChecksumCRC32, "the part's checksum");
});
await check("bucket.location", async () => {
  await send("GetBucketLocation", { Bucket });
  holds((await send("HeadBucket", { Bucket })).BucketRegion !== undefined, "HEAD tells no region");
});
