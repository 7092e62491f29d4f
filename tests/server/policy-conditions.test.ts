import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { alice, allow, Bucket, bucketArn, deny, GuardedBuckets, objects, type Rule } from "./guarded-buckets.ts";
import { refusal } from "./sdk.ts";

const denied = refusal(403, "AccessDenied");
let buckets: GuardedBuckets;
let root: S3Client;
let user: S3Client;
const policy = (...statements: readonly Rule[]) => buckets.policy(...statements);
const toUser = (action: string | readonly string[], resource: string, more: Rule = {}) =>
  allow(action, resource, { Principal: alice, ...more });
const where = (operator: string, key: string, value: unknown): Rule => ({
  Condition: { [operator]: { [key]: value } },
});

beforeAll(async () => {
  buckets = await GuardedBuckets.start();
  ({ root, user } = buckets);
  for (const kind of ["public", "private"]) {
    await root.send(new PutObjectCommand({ Bucket, Key: kind, Body: kind, Tagging: `kind=${kind}` }));
  }
});
afterEach(() => buckets.noPolicy());
afterAll(async () => {
  await buckets.close();
  expect(buckets.failures).toEqual([]);
});

describe("a tag of the object", () => {
  const tagged = where("StringEquals", "s3:ExistingObjectTag/kind", "public");

  test("opens it to who reads it, its tags, or a part of it for an upload", async () => {
    await policy(toUser(["s3:GetObject", "s3:GetObjectTagging"], objects, tagged), toUser("s3:PutObject", objects));
    const { UploadId } = await user.send(new CreateMultipartUploadCommand({ Bucket, Key: "big" }));
    const reads = (Key: string) => [
      () => user.send(new GetObjectCommand({ Bucket, Key })),
      () => user.send(new GetObjectTaggingCommand({ Bucket, Key })),
      () =>
        user.send(
          new UploadPartCopyCommand({ Bucket, Key: "big", UploadId, PartNumber: 1, CopySource: `${Bucket}/${Key}` }),
        ),
    ];
    for (const read of reads("public")) await read();
    for (const read of reads("private")) await expect(read()).rejects.toMatchObject(denied);
    await root.send(new AbortMultipartUploadCommand({ Bucket, Key: "big", UploadId }));
  });

  // AWS takes such a policy and never lets it hold: it does not look at the tags for these two.
  test("opens neither its attributes nor the way to a copy", async () => {
    await policy(
      toUser(["s3:GetObject", "s3:GetObjectAttributes", "s3:GetObjectTagging"], objects, tagged),
      toUser(["s3:PutObject", "s3:PutObjectTagging"], objects),
    );
    const asked = { Bucket, Key: "public", ObjectAttributes: ["ETag" as const] };
    await expect(user.send(new GetObjectAttributesCommand(asked))).rejects.toMatchObject(denied);
    const copy = { Bucket, Key: "copy", CopySource: `${Bucket}/public` };
    await expect(user.send(new CopyObjectCommand(copy))).rejects.toMatchObject(denied);
  });
});

test("tags in a document are held against what may be set", async () => {
  await policy(
    toUser(
      "s3:PutObjectTagging",
      objects,
      where("ForAllValues:StringEquals", "s3:RequestObjectTagKeys", ["team", "kind"]),
    ),
  );
  const set = (...keys: readonly string[]) =>
    user.send(
      new PutObjectTaggingCommand({
        Bucket,
        Key: "public",
        Tagging: { TagSet: keys.map((Key) => ({ Key, Value: "public" })) },
      }),
    );
  await set("kind");
  await expect(set("kind", "secret")).rejects.toMatchObject(denied);
  await policy(toUser("s3:PutObjectTagging", objects, where("StringEquals", "s3:RequestObjectTag/kind", "public")));
  await set("kind");
  await expect(set("team")).rejects.toMatchObject(denied);
});

test("tags in a header are held against what may be set", async () => {
  await policy(
    toUser(
      "s3:PutObjectTagging",
      objects,
      where("ForAllValues:StringEquals", "s3:RequestObjectTagKeys", ["team", "kind"]),
    ),
    toUser("s3:PutObject", objects, where("StringEquals", "s3:RequestObjectTag/team", "data")),
  );
  const put = (Tagging: string) => user.send(new PutObjectCommand({ Bucket, Key: "t", Body: "", Tagging }));
  await put("team=data");
  await expect(put("team=other")).rejects.toMatchObject(denied);
  await expect(put("team=data&other=1")).rejects.toMatchObject(denied);
});

test("versions are read and removed by permissions of their own", async () => {
  await root.send(new PutBucketVersioningCommand({ Bucket: "other", VersioningConfiguration: { Status: "Enabled" } }));
  await root.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const { VersionId } = await root.send(new PutObjectCommand({ Bucket, Key: "v", Body: "1" }));
  const read = () => user.send(new GetObjectCommand({ Bucket, Key: "v", VersionId }));
  const remove = () => user.send(new DeleteObjectCommand({ Bucket, Key: "v", VersionId }));
  await policy(toUser(["s3:GetObject", "s3:DeleteObject"], objects));
  await expect(read()).rejects.toMatchObject({ ...denied, message: expect.stringContaining("s3:GetObjectVersion ") });
  await expect(remove()).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining("s3:DeleteObjectVersion "),
  });
  const { Errors } = await user.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "v", VersionId }] } }),
  );
  expect(Errors).toMatchObject([{ Code: "AccessDenied" }]);
  await policy(toUser("s3:GetObjectVersion", objects, where("StringEquals", "s3:VersionId", VersionId)));
  await read();
  await policy(toUser("s3:DeleteObjectVersion", objects));
  await remove();
});

describe("writes that must be conditional", () => {
  test("may overwrite nothing, neither at once nor in parts", async () => {
    await policy(
      toUser("s3:PutObject", objects),
      deny("s3:PutObject", objects, {
        Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
      }),
    );
    const put = (more: object) => user.send(new PutObjectCommand({ Bucket, Key: "once", Body: "x", ...more }));
    await expect(put({})).rejects.toMatchObject(denied);
    await put({ IfNoneMatch: "*" });
    const target = { Bucket, Key: "parts" };
    const { UploadId } = await user.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await user.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: "x" }));
    const whole = { ...target, UploadId, MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] } };
    await expect(user.send(new CompleteMultipartUploadCommand(whole))).rejects.toMatchObject(denied);
    await user.send(new CompleteMultipartUploadCommand({ ...whole, IfNoneMatch: "*" }));
  });

  test("tell whether an entity tag is right only to who may read", async () => {
    const { ETag } = await root.send(new PutObjectCommand({ Bucket, Key: "swap", Body: "1" }));
    const swap = () => user.send(new PutObjectCommand({ Bucket, Key: "swap", Body: "2", IfMatch: ETag }));
    await policy(toUser("s3:PutObject", objects));
    await expect(swap()).rejects.toMatchObject({ ...denied, message: expect.stringContaining("s3:GetObject ") });
    await policy(toUser(["s3:PutObject", "s3:GetObject"], objects));
    await swap();
  });

  test("cover each key that is deleted with others", async () => {
    await root.send(new PutObjectCommand({ Bucket, Key: "d1", Body: "1" }));
    const { ETag } = await root.send(new PutObjectCommand({ Bucket, Key: "d2", Body: "1" }));
    await policy(
      toUser("s3:DeleteObject", objects, where("Null", "s3:if-match", "false")),
      toUser("s3:GetObject", objects),
    );
    const { Deleted, Errors } = await user.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "d1" }, { Key: "d2", ETag }] } }),
    );
    expect([Errors?.map(({ Key }) => Key), Deleted?.map(({ Key }) => Key)]).toEqual([["d1"], ["d2"]]);
  });
});

test("the parts of an upload need not say again how it is encrypted", async () => {
  await policy(
    toUser("s3:PutObject", objects),
    deny("s3:PutObject", objects, where("StringNotEquals", "s3:x-amz-server-side-encryption", "AES256")),
  );
  const target = { Bucket, Key: "sealed" };
  await expect(user.send(new CreateMultipartUploadCommand(target))).rejects.toMatchObject(denied);
  const { UploadId } = await user.send(new CreateMultipartUploadCommand({ ...target, ServerSideEncryption: "AES256" }));
  await user.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: "x" }));
});

test("presigned URLs can be kept out, and told apart by their age", async () => {
  const url = await getSignedUrl(user, new GetObjectCommand({ Bucket, Key: "public" }));
  const status = async () => (await fetch(url)).status;
  await policy(toUser("s3:GetObject", objects));
  expect(await status()).toBe(200);
  await policy(toUser("s3:GetObject", objects, where("StringEquals", "s3:authType", "REST-HEADER")));
  expect(await status()).toBe(403);
  await user.send(new GetObjectCommand({ Bucket, Key: "public" }));
  await policy(toUser("s3:GetObject", objects, where("NumericLessThan", "s3:signatureAge", 0)));
  expect(await status()).toBe(403);
});

test("who signs nothing has no age of a signature, whatever date is sent along", async () => {
  await policy(allow("s3:GetObject", objects, where("Null", "s3:signatureAge", "false")));
  await user.send(new GetObjectCommand({ Bucket, Key: "public" }));
  const headers = { "x-amz-date": "20260102T030405Z" };
  expect(await buckets.anonymous("photos/public", { headers })).toMatchObject({ status: 403 });
});

test("where a request comes from can be asked", async () => {
  await policy(allow("s3:GetObject", objects, where("IpAddress", "aws:SourceIp", ["127.0.0.0/8", "::1/128"])));
  expect(await buckets.anonymous("photos/public")).toMatchObject({ status: 200 });
  await policy(allow("s3:GetObject", objects, where("IpAddress", "aws:SourceIp", "192.0.2.0/24")));
  expect(await buckets.anonymous("photos/public")).toMatchObject({ status: 403 });
  await policy(allow("s3:GetObject", objects, where("StringLike", "aws:Referer", "http://example.com/*")));
  expect(await buckets.anonymous("photos/public", { headers: { referer: "http://example.com/x" } })).toMatchObject({
    status: 200,
  });
  expect(await buckets.anonymous("photos/public")).toMatchObject({ status: 403 });
});

test("a page may not be longer than a policy says", async () => {
  await policy(allow("s3:ListBucket", bucketArn, where("NumericLessThanEquals", "s3:max-keys", 10)));
  expect(await buckets.anonymous("photos?list-type=2&max-keys=10")).toMatchObject({ status: 200 });
  expect(await buckets.anonymous("photos?list-type=2&max-keys=11")).toMatchObject({ status: 403 });
  expect(await buckets.anonymous("photos?list-type=2")).toMatchObject({ status: 403 });
});
