import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  account,
  alice,
  allow,
  Bucket,
  bucketArn,
  deny,
  GuardedBuckets,
  objects,
  type Rule,
} from "./guarded-buckets.ts";
import { refusal } from "./sdk.ts";

let buckets: GuardedBuckets;
let root: S3Client;
let user: S3Client;
const policy = (...statements: readonly Rule[]) => buckets.policy(...statements);
const anonymous = (path: string, init?: RequestInit) => buckets.anonymous(path, init);

beforeAll(async () => {
  buckets = await GuardedBuckets.start();
  ({ root, user } = buckets);
  for (const Key of ["a", "private/b", "home/alice/c"]) {
    await root.send(new PutObjectCommand({ Bucket, Key, Body: Key, Tagging: "kind=letter" }));
  }
  await root.send(new PutObjectCommand({ Bucket: "other", Key: "o", Body: "other" }));
});
afterEach(() => buckets.noPolicy());
afterAll(async () => {
  await buckets.close();
  expect(buckets.failures).toEqual([]);
});

describe("who has not signed", () => {
  test("is refused without a policy, whatever there is", async () => {
    for (const path of ["photos/a", "photos/none", "photos", ""]) {
      expect(await anonymous(path), path).toMatchObject({ status: 403 });
    }
    const { text } = await anonymous("photos/a");
    expect(text).toContain("<Code>AccessDenied</Code><Message>Access Denied</Message>");
    expect(await anonymous("nowhere/a")).toMatchObject({ status: 404 });
  });

  test("reads what a policy opens to everyone, and nothing else", async () => {
    await policy(allow("s3:GetObject", objects));
    expect(await anonymous("photos/a")).toEqual({ status: 200, text: "a" });
    expect(await anonymous("photos/a", { method: "HEAD" })).toMatchObject({ status: 200 });
    expect(await anonymous("photos?list-type=2")).toMatchObject({ status: 403 });
    expect(await anonymous("photos/new", { method: "PUT", body: "x" })).toMatchObject({ status: 403 });
    expect(await anonymous("other/o")).toMatchObject({ status: 403 });
    expect(await anonymous("photos?policy")).toMatchObject({ status: 403 });
  });

  test("learns that a key is missing only where the bucket may be listed", async () => {
    await policy(allow("s3:GetObject", objects));
    expect(await anonymous("photos/none")).toMatchObject({ status: 403 });
    await policy(allow("s3:GetObject", objects), allow("s3:ListBucket", bucketArn));
    const { status, text } = await anonymous("photos/none");
    expect([status, text]).toEqual([404, expect.stringContaining("<Code>NoSuchKey</Code>")]);
  });

  test("is told of a scripted fault what the script says", async () => {
    await policy(allow("s3:GetObject", objects));
    buckets.inject({ effect: { status: 404, code: "NoSuchKey" } });
    expect(await anonymous("photos/a")).toMatchObject({ status: 404 });
  });

  test("uploads by a form where a policy lets everyone write", async () => {
    const upload = (key: string) => {
      const form = new FormData();
      form.set("key", key);
      form.set("file", new Blob(["x"]));
      return anonymous("photos", { method: "POST", body: form });
    };
    await policy(allow("s3:PutObject", `${bucketArn}/inbox/*`));
    expect(await upload("inbox/form")).toMatchObject({ status: 204 });
    expect(await upload("form")).toMatchObject({ status: 403 });
  });

  test("writes where a policy lets everyone write, but begins no upload in parts", async () => {
    await policy(allow("s3:PutObject", `${bucketArn}/inbox/*`));
    expect(await anonymous("photos/inbox/x", { method: "PUT", body: "x" })).toMatchObject({ status: 200 });
    expect(await anonymous("photos/x", { method: "PUT", body: "x" })).toMatchObject({ status: 403 });
    const { status, text } = await anonymous("photos/inbox/y?uploads", { method: "POST" });
    expect([status, text]).toEqual([403, expect.stringContaining("Anonymous users cannot initiate multipart uploads")]);
  });

  test("never gets hold of the policy itself", async () => {
    await policy(allow("s3:*", [bucketArn, objects]));
    expect(await anonymous("photos?policy")).toMatchObject({ status: 405 });
    expect(await anonymous("photos?policy", { method: "DELETE" })).toMatchObject({ status: 405 });
    expect(await anonymous("photos?policyStatus")).toMatchObject({ status: 200 });
  });
});

describe("the account's root", () => {
  test("may do what no policy mentions, and nothing that one denies", async () => {
    await policy(deny("s3:GetObject", `${bucketArn}/private/*`));
    await expect(root.send(new GetObjectCommand({ Bucket, Key: "private/b" }))).rejects.toMatchObject({
      ...refusal(403, "AccessDenied"),
      message: `User: arn:aws:iam::${account}:root is not authorized to perform: s3:GetObject on resource: "${bucketArn}/private/b" with an explicit deny in a resource-based policy`,
    });
    await root.send(new GetObjectCommand({ Bucket, Key: "a" }));
    await root.send(new PutObjectCommand({ Bucket, Key: "private/b", Body: "b" }));
  });

  test("is never locked out of the policy", async () => {
    await policy(deny("s3:*", [bucketArn, objects]));
    await expect(root.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(refusal(403, "AccessDenied"));
    await expect(root.send(new GetBucketPolicyStatusCommand({ Bucket }))).rejects.toMatchObject(
      refusal(403, "AccessDenied"),
    );
    expect((await root.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toContain("Deny");
    await policy(deny("s3:*", [bucketArn, objects]));
    await root.send(new DeleteBucketPolicyCommand({ Bucket }));
    await root.send(new ListObjectsV2Command({ Bucket }));
  });

  test("is refused a request without TLS where a policy insists on it", async () => {
    await policy(deny("s3:*", [bucketArn, objects], { Condition: { Bool: { "aws:SecureTransport": "false" } } }));
    await expect(root.send(new GetObjectCommand({ Bucket, Key: "a" }))).rejects.toMatchObject(
      refusal(403, "AccessDenied"),
    );
  });

  test("does not copy from where it may not read", async () => {
    await policy(deny("s3:GetObject", `${bucketArn}/private/*`));
    const copy = (from: string) =>
      root.send(new CopyObjectCommand({ Bucket: "other", Key: "copy", CopySource: `${Bucket}/${from}` }));
    await expect(copy("private/b")).rejects.toMatchObject(refusal(403, "AccessDenied"));
    await copy("a");
  });
});

describe("a user", () => {
  test("may do nothing without a policy, and is told what lacks", async () => {
    await expect(user.send(new GetObjectCommand({ Bucket, Key: "a" }))).rejects.toMatchObject({
      ...refusal(403, "AccessDenied"),
      message: `User: arn:aws:iam::${account}:user/alice is not authorized to perform: s3:GetObject on resource: "${bucketArn}/a" because no identity-based policy allows the s3:GetObject action`,
    });
    await expect(user.send(new ListBucketsCommand())).rejects.toMatchObject({
      message: expect.stringContaining("s3:ListAllMyBuckets"),
    });
    await expect(user.send(new CreateBucketCommand({ Bucket: "mine" }))).rejects.toMatchObject(
      refusal(403, "AccessDenied"),
    );
    await expect(user.send(new ListObjectsV2Command({ Bucket: "nowhere" }))).rejects.toMatchObject(
      refusal(404, "NoSuchBucket"),
    );
  });

  test("makes no bucket, even where a policy speaks of all that can be done", async () => {
    await policy(allow("s3:*", [bucketArn, objects], { Principal: alice }));
    await expect(user.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject(refusal(403, "AccessDenied"));
  });

  test("reads what it is let read, and changes nothing", async () => {
    await policy(allow(["s3:GetObject"], objects, { Principal: alice }));
    expect(await (await user.send(new GetObjectCommand({ Bucket, Key: "a" }))).Body?.transformToString()).toBe("a");
    const refused = refusal(403, "AccessDenied");
    await expect(user.send(new PutObjectCommand({ Bucket, Key: "a", Body: "" }))).rejects.toMatchObject(refused);
    await expect(user.send(new DeleteObjectCommand({ Bucket, Key: "a" }))).rejects.toMatchObject(refused);
    await expect(user.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(refused);
    await expect(user.send(new GetObjectCommand({ Bucket, Key: "none" }))).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining("s3:ListBucket"),
    });
    const attributes = { Bucket, Key: "a", ObjectAttributes: ["ETag" as const] };
    await expect(user.send(new GetObjectAttributesCommand(attributes))).rejects.toMatchObject(refused);
    expect(await anonymous("photos/a")).toMatchObject({ status: 403 });
  });

  test("lists only under the prefix that it is let see", async () => {
    const under = { StringLike: { "s3:prefix": `home/\${aws:username}/*` } };
    await policy(allow("s3:ListBucket", bucketArn, { Principal: alice, Condition: under }));
    const { Contents } = await user.send(new ListObjectsV2Command({ Bucket, Prefix: "home/alice/" }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(["home/alice/c"]);
    for (const Prefix of [undefined, "", "home/", "home/bob/"]) {
      await expect(user.send(new ListObjectsV2Command({ Bucket, Prefix }))).rejects.toMatchObject(
        refusal(403, "AccessDenied"),
      );
    }
  });

  test("is denied a prefix to which root is not", async () => {
    const prefix = { StringEquals: { "s3:prefix": "private/" } };
    await policy(
      allow("s3:ListBucket", bucketArn, { Principal: alice }),
      deny("s3:ListBucket", bucketArn, { Principal: alice, Condition: prefix }),
    );
    await user.send(new ListObjectsV2Command({ Bucket }));
    await expect(user.send(new ListObjectsV2Command({ Bucket, Prefix: "private/" }))).rejects.toMatchObject({
      message: expect.stringContaining("with an explicit deny in a resource-based policy"),
    });
    await root.send(new ListObjectsV2Command({ Bucket, Prefix: "private/" }));
  });

  test("needs a permission for each key that is deleted with others", async () => {
    await policy(allow("s3:DeleteObject", `${bucketArn}/tmp/*`, { Principal: alice }));
    const answer = await user.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "tmp/1" }, { Key: "a" }] } }),
    );
    expect(answer.Deleted).toMatchObject([{ Key: "tmp/1" }]);
    expect(answer.Errors).toMatchObject([{ Key: "a", Code: "AccessDenied" }]);
    await root.send(new HeadObjectCommand({ Bucket, Key: "a" }));
  });

  test("copies with leave to read, to write, and to take tags along", async () => {
    const copy = (more: object = {}) =>
      user.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/a`, ...more }));
    const refused = refusal(403, "AccessDenied");
    await policy(allow("s3:PutObject", objects, { Principal: alice }));
    await expect(copy()).rejects.toMatchObject({ ...refused, message: expect.stringContaining("s3:GetObject ") });
    await policy(allow("s3:GetObject", objects, { Principal: alice }));
    await expect(copy()).rejects.toMatchObject({ ...refused, message: expect.stringContaining("s3:PutObject ") });
    await policy(allow(["s3:GetObject", "s3:PutObject"], objects, { Principal: alice }));
    await expect(copy()).rejects.toMatchObject({ ...refused, message: expect.stringContaining("s3:GetObjectTagging") });
    await copy({ TaggingDirective: "REPLACE" });
    await policy(allow(["s3:GetObject*", "s3:PutObject*"], objects, { Principal: alice }));
    await copy();
  });

  test("is held to what the request says and what the object is tagged with", async () => {
    await policy(
      allow("s3:PutObject", objects, {
        Principal: alice,
        Condition: { StringEquals: { "s3:x-amz-server-side-encryption": "AES256" } },
      }),
      allow("s3:GetObject", objects, {
        Principal: alice,
        Condition: { StringEquals: { "s3:ExistingObjectTag/kind": "letter" } },
      }),
    );
    const put = (more: object) => user.send(new PutObjectCommand({ Bucket, Key: "sealed", Body: "x", ...more }));
    await expect(put({})).rejects.toMatchObject(refusal(403, "AccessDenied"));
    await put({ ServerSideEncryption: "AES256" });
    await user.send(new GetObjectCommand({ Bucket, Key: "a" }));
    await expect(user.send(new GetObjectCommand({ Bucket, Key: "sealed" }))).rejects.toMatchObject(
      refusal(403, "AccessDenied"),
    );
    await expect(
      user.send(
        new CreateMultipartUploadCommand({ Bucket, Key: "big", Tagging: "a=b", ServerSideEncryption: "AES256" }),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining("s3:PutObjectTagging") });
  });
});
