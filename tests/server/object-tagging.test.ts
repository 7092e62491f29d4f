/** Tags of objects that are there already, by the AWS SDK: put, read, removed, of any version, and refused. */
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type Tag,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
let nowMs = 0;
beforeEach(async () => {
  nowMs = Date.now();
  sdk = await Sdk.start({ now: () => nowMs });
});
afterEach(() => sdk.close());

const tag = (TagSet: Tag[], Key = "k", VersionId?: string) =>
  sdk.s3.send(new PutObjectTaggingCommand({ Bucket, Key, VersionId, Tagging: { TagSet } }));
const untag = (Key = "k", VersionId?: string) =>
  sdk.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key, VersionId }));
const tagsOf = async (VersionId?: string, Key = "k") =>
  (await sdk.s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }))).TagSet;
const one = { Key: "team", Value: "a/b" };

test("tags come and go, and nothing else about the object changes", async () => {
  await sdk.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "text", Tagging: "first=1" }));
  const head = () => sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
  const { LastModified, ETag } = await head();
  nowMs += 60_000;
  expect((await tag([one, { Key: "empty", Value: "" }])).VersionId).toBeUndefined();
  expect(await tagsOf()).toEqual([one, { Key: "empty", Value: "" }]);
  expect(await head()).toMatchObject({ TagCount: 2, LastModified, ETag });
  await tag([]);
  expect(await tagsOf()).toEqual([]);
  await tag([one]);
  expect((await untag()).$metadata.httpStatusCode).toBe(204);
  expect([await tagsOf(), (await head()).TagCount]).toEqual([[], undefined]);
  expect(await sdk.textOf("k")).toBe("text");
});

test("each version has its own, delete markers have none and take none", async () => {
  await sdk.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const { VersionId: first } = await sdk.put("k", "one");
  const { VersionId: second } = await sdk.put("k", "two");
  expect((await tag([one])).VersionId).toBe(second);
  const two = { Key: "old", Value: "yes" };
  expect((await tag([two], "k", first)).VersionId).toBe(first);
  expect([await tagsOf(), await tagsOf(first)]).toEqual([[one], [two]]);
  expect((await untag("k", first)).VersionId).toBe(first);
  expect([await tagsOf(second), await tagsOf(first)]).toEqual([[one], []]);
  const { Versions } = await sdk.s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([second, first]);
  const { VersionId: marker } = await sdk.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
  for (const version of [marker, undefined]) {
    for (const asked of [() => tagsOf(version), () => tag([one], "k", version), () => untag("k", version)]) {
      await expect(asked()).rejects.toMatchObject({
        ...refusal(405, "MethodNotAllowed"),
        ResourceType: "DeleteMarker",
      });
    }
  }
  expect(await tagsOf(second)).toEqual([one]);
  await expect(tagsOf("null")).rejects.toMatchObject(refusal(404, "NoSuchVersion"));
  await expect(tag([one], "k", "wrong")).rejects.toMatchObject(refusal(400, "InvalidArgument"));
});

test("of what is not there are refused", async () => {
  for (const asked of [() => tagsOf(undefined, "none"), () => tag([one], "none"), () => untag("none")]) {
    await expect(asked()).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  }
  const elsewhere = new PutObjectTaggingCommand({ Bucket: "nowhere", Key: "k", Tagging: { TagSet: [] } });
  await expect(sdk.s3.send(elsewhere)).rejects.toMatchObject(refusal(404, "NoSuchBucket"));
});

test("that S3 does not take are refused, and change nothing", async () => {
  await sdk.put("k");
  await tag([one]);
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: "v" }));
  const cases: readonly (readonly [Tag[], string, string])[] = [
    [many(11), "BadRequest", "Object tags cannot be greater than 10"],
    [[one, one], "InvalidTag", "Cannot provide multiple Tags with the same key"],
    [[{ Key: "a,b", Value: "v" }], "InvalidTag", "The TagKey you have provided is invalid"],
    [[{ Key: "", Value: "v" }], "InvalidTag", "The TagKey you have provided is invalid"],
    [[{ Key: "x".repeat(129), Value: "v" }], "InvalidTag", "The TagKey you have provided is invalid"],
    [[{ Key: "k", Value: "a,b" }], "InvalidTag", "The TagValue you have provided is invalid"],
    [[{ Key: "k", Value: "x".repeat(257) }], "InvalidTag", "The TagValue you have provided is invalid"],
    [[{ Key: "aws:k", Value: "v" }], "InvalidTag", "Your TagKey cannot be prefixed with aws:"],
    [[{ Key: "k" } as Tag], "MalformedXML", "not well-formed"],
    [[{ Value: "v" } as Tag], "MalformedXML", "not well-formed"],
  ];
  for (const [tags, code, message] of cases) {
    await expect(tag(tags), JSON.stringify(tags)).rejects.toMatchObject({
      ...refusal(400, code),
      message: expect.stringContaining(message),
    });
  }
  expect(await tagsOf()).toEqual([one]);
  await tag(many(10));
  expect(await tagsOf()).toHaveLength(10);
});

test("in a header are a query without repetitions", async () => {
  const put = (Tagging: string) => sdk.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "", Tagging }));
  for (const wrong of ["a=1&a=2", "a=1,b=2", "=", "a%"]) {
    await expect(put(wrong), wrong).rejects.toMatchObject({ ...refusal(400, "InvalidArgument"), ArgumentValue: wrong });
  }
  await put("b&&a=%2F+x");
  expect(await tagsOf()).toEqual([
    { Key: "b", Value: "" },
    { Key: "a", Value: "/ x" },
  ]);
});

test("come in a document that is protected by a digest", async () => {
  await sdk.put("k");
  const bare = sdk.s3.middlewareStack;
  bare.add(
    (next) => async (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      for (const name of Object.keys(headers)) {
        if (/^(?:x-amz-checksum-|x-amz-sdk-checksum|content-md5)/i.test(name)) delete headers[name];
      }
      return await next(args);
    },
    { step: "build", name: "withoutDigest", priority: "low" },
  );
  await expect(tag([one])).rejects.toMatchObject({
    ...refusal(400, "InvalidRequest"),
    message: "Missing required header for this request: Content-MD5",
  });
  bare.remove("withoutDigest");
  expect(await tagsOf()).toEqual([]);
});
