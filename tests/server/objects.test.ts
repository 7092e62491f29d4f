import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

test("buckets: made, listed, found, located, removed", async () => {
  await sdk.s3.send(
    new CreateBucketCommand({ Bucket: "made", CreateBucketConfiguration: { LocationConstraint: "us-west-2" } }),
  );
  await sdk.s3.send(new HeadBucketCommand({ Bucket: "made" }));
  const { Buckets } = await sdk.s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toEqual(["empty", "made", Bucket]);
  expect((await sdk.s3.send(new GetBucketLocationCommand({ Bucket: "made" }))).LocationConstraint).toBe("us-west-2");
  expect((await sdk.s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
  await expect(sdk.s3.send(new CreateBucketCommand({ Bucket: "made" }))).rejects.toMatchObject(
    refusal(409, "BucketAlreadyOwnedByYou"),
  );
  await expect(sdk.s3.send(new CreateBucketCommand({ Bucket: "No_Name" }))).rejects.toMatchObject(
    refusal(400, "InvalidBucketName"),
  );
  const named = { Bucket: "east", CreateBucketConfiguration: { LocationConstraint: "us-east-1" as never } };
  await expect(sdk.s3.send(new CreateBucketCommand(named))).rejects.toMatchObject(
    refusal(400, "InvalidLocationConstraint"),
  );
  await sdk.s3.send(new DeleteBucketCommand({ Bucket: "made" }));
  await expect(sdk.s3.send(new HeadBucketCommand({ Bucket: "made" }))).rejects.toMatchObject(refusal(404, "NotFound"));
  await expect(sdk.s3.send(new DeleteBucketCommand({ Bucket: "made" }))).rejects.toMatchObject(
    refusal(404, "NoSuchBucket"),
  );
});

test("an object comes back with everything that was said of it", async () => {
  const said = {
    ContentType: "text/x-test",
    CacheControl: "max-age=7",
    ContentDisposition: 'attachment; filename="q.txt"',
    ContentEncoding: "gzip",
    ContentLanguage: "de",
    Metadata: { a: "Value with  spaces", "b-c": "1" },
  };
  const written = await sdk.s3.send(new PutObjectCommand({ Bucket, Key: "said", Body: "hello", ...said }));
  expect(written.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  const head = await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "said" }));
  expect(head).toMatchObject({
    ...said,
    ContentLength: 5,
    AcceptRanges: "bytes",
    ETag: written.ETag,
  });
  expect(await sdk.textOf("said")).toBe("hello");
  await sdk.put("said", "");
  expect(await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "said" }))).toMatchObject({
    ContentLength: 0,
    Metadata: {},
  });
  expect(await sdk.textOf("said")).toBe("");
});

test("a missing object, a removed object, a missing bucket", async () => {
  await sdk.put("gone");
  await sdk.s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
  await sdk.s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
  await expect(sdk.textOf("gone")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  await expect(sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "gone" }))).rejects.toMatchObject(
    refusal(404, "NotFound"),
  );
  await expect(sdk.s3.send(new GetObjectCommand({ Bucket: "nowhere", Key: "k" }))).rejects.toMatchObject(
    refusal(404, "NoSuchBucket"),
  );
  await expect(sdk.s3.send(new PutObjectCommand({ Bucket: "nowhere", Key: "k", Body: "x" }))).rejects.toMatchObject(
    refusal(404, "NoSuchBucket"),
  );
});

describe("bodies", () => {
  test("a stream of unknown checksum travels in chunks with a trailer, and is stored without either", async () => {
    const body = Readable.from([Buffer.alloc(10_000, "a"), Buffer.alloc(20_000, "b"), Buffer.from("c")]);
    await sdk.s3.send(new PutObjectCommand({ Bucket, Key: "stream", Body: body, ContentLength: 30_001 }));
    expect(await sdk.textOf("stream")).toBe(`${"a".repeat(10_000)}${"b".repeat(20_000)}c`);
    expect((await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "stream" }))).ContentEncoding).toBeUndefined();
  });

  test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "%s is verified, kept and given back",
    async (ChecksumAlgorithm) => {
      const Key = `checked-${ChecksumAlgorithm}`;
      const written = await sdk.s3.send(new PutObjectCommand({ Bucket, Key, Body: "hello", ChecksumAlgorithm }));
      const field = `Checksum${ChecksumAlgorithm}` as const;
      expect(written[field]).toMatch(/^[A-Za-z0-9+/]+=*$/);
      const head = await sdk.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      expect([head[field], head.ChecksumType]).toEqual([written[field], "FULL_OBJECT"]);
      const silent = await sdk.s3.send(new HeadObjectCommand({ Bucket, Key }));
      expect(silent[field]).toBeUndefined();
      const wrong = `${written[field]?.startsWith("A") ? "B" : "A"}${written[field]?.slice(1)}`;
      const refused = sdk.s3.send(new PutObjectCommand({ Bucket, Key: "unchecked", Body: "hello", [field]: wrong }));
      await expect(refused).rejects.toMatchObject(refusal(400, "BadDigest"));
      await expect(sdk.textOf("unchecked")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    },
  );

  test("Content-MD5 is verified", async () => {
    const refused = sdk.s3.send(
      new PutObjectCommand({ Bucket, Key: "md5", Body: "hello", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }),
    );
    await expect(refused).rejects.toMatchObject(refusal(400, "BadDigest"));
    const nonsense = sdk.s3.send(new PutObjectCommand({ Bucket, Key: "md5", Body: "hello", ContentMD5: "nonsense" }));
    await expect(nonsense).rejects.toMatchObject(refusal(400, "InvalidDigest"));
  });
});

describe("reads", () => {
  test("ranges", async () => {
    await sdk.put("digits", "0123456789");
    const get = async (Range: string) => {
      const { Body, ContentRange, ContentLength, $metadata } = await sdk.s3.send(
        new GetObjectCommand({ Bucket, Key: "digits", Range }),
      );
      return [$metadata.httpStatusCode, await Body?.transformToString(), ContentRange, ContentLength];
    };
    expect(await get("bytes=2-4")).toEqual([206, "234", "bytes 2-4/10", 3]);
    expect(await get("bytes=8-")).toEqual([206, "89", "bytes 8-9/10", 2]);
    expect(await get("bytes=-3")).toEqual([206, "789", "bytes 7-9/10", 3]);
    expect(await get("bytes=9-2")).toEqual([200, "0123456789", undefined, 10]);
    await expect(get("bytes=10-")).rejects.toMatchObject({ ...refusal(416, "InvalidRange"), ActualObjectSize: "10" });
  });

  test("headers that the client asks for, none that would break the answer", async () => {
    await sdk.put("override", "x");
    const get = (ResponseContentDisposition: string) =>
      sdk.s3.send(
        new GetObjectCommand({ Bucket, Key: "override", ResponseContentDisposition, ResponseContentType: "x/y" }),
      );
    expect(await get('inline; filename="a"')).toMatchObject({
      ContentDisposition: 'inline; filename="a"',
      ContentType: "x/y",
    });
    expect(Buffer.from((await get("ü😀")).ContentDisposition ?? "", "latin1").toString()).toBe("ü😀");
    await expect(get("a\r\nSet-Cookie: b")).rejects.toMatchObject(refusal(400, "InvalidArgument"));
  });

  test("conditions", async () => {
    const { ETag } = await sdk.put("conditional", "x");
    const { LastModified } = await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "conditional" }));
    const at = (seconds: number) => new Date((LastModified?.getTime() ?? 0) + seconds * 1000);
    const get = (input: object) => sdk.s3.send(new GetObjectCommand({ Bucket, Key: "conditional", ...input }));
    for (const input of [
      { IfMatch: ETag },
      { IfMatch: "*" },
      { IfNoneMatch: '"other"' },
      { IfModifiedSince: at(-1) },
      { IfUnmodifiedSince: at(0) },
      { IfMatch: ETag, IfUnmodifiedSince: at(-60) },
      { IfNoneMatch: '"other"', IfModifiedSince: at(0) },
    ]) {
      expect((await get(input)).$metadata.httpStatusCode, JSON.stringify(input)).toBe(200);
    }
    for (const input of [{ IfMatch: '"other"' }, { IfUnmodifiedSince: at(-60) }]) {
      await expect(get(input), JSON.stringify(input)).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    }
    for (const input of [{ IfNoneMatch: ETag }, { IfNoneMatch: "*" }, { IfModifiedSince: at(0) }]) {
      await expect(get(input), JSON.stringify(input)).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    }
  });

  test("an archived object is refused by name", async () => {
    await sdk.s3.send(new PutObjectCommand({ Bucket, Key: "cold", Body: "x", StorageClass: "GLACIER" }));
    expect((await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "cold" }))).StorageClass).toBe("GLACIER");
    await expect(sdk.textOf("cold")).rejects.toMatchObject(refusal(403, "InvalidObjectState"));
  });
});
