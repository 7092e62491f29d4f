import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningS3Server, startServer } from "./s3-server.ts";
import { memoryStorage } from "./storage/memory-storage.ts";

// An independent client, with its defaults: what it can do here, users of any client can.
const Bucket = "photos";
let server: RunningS3Server;
let s3: S3Client;

function client(credentials: { accessKeyId: string; secretAccessKey: string }): S3Client {
  return new S3Client({
    endpoint: server.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
  });
}

beforeAll(async () => {
  server = await startServer({
    storage: memoryStorage(),
    credentials: [{ accessKeyId: "test", secretAccessKey: "secret" }],
    buckets: [Bucket, "empty"],
  });
  s3 = client({ accessKeyId: "test", secretAccessKey: "secret" });
});
afterAll(async () => {
  s3.destroy();
  await server.close();
});

const put = (Key: string, Body: string | Uint8Array = "x") => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

async function textOf(Key: string): Promise<string | undefined> {
  return await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
}

const refusal = (status: number, name: string) => ({ name, $metadata: { httpStatusCode: status } });

test("buckets: made, listed, found, located, removed", async () => {
  await s3.send(
    new CreateBucketCommand({ Bucket: "made", CreateBucketConfiguration: { LocationConstraint: "us-west-2" } }),
  );
  await s3.send(new HeadBucketCommand({ Bucket: "made" }));
  const { Buckets } = await s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toEqual(["empty", "made", Bucket]);
  expect((await s3.send(new GetBucketLocationCommand({ Bucket: "made" }))).LocationConstraint).toBe("us-west-2");
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
  await expect(s3.send(new CreateBucketCommand({ Bucket: "made" }))).rejects.toMatchObject(
    refusal(409, "BucketAlreadyOwnedByYou"),
  );
  await expect(s3.send(new CreateBucketCommand({ Bucket: "No_Name" }))).rejects.toMatchObject(
    refusal(400, "InvalidBucketName"),
  );
  await s3.send(new DeleteBucketCommand({ Bucket: "made" }));
  await expect(s3.send(new HeadBucketCommand({ Bucket: "made" }))).rejects.toMatchObject(refusal(404, "NotFound"));
  await expect(s3.send(new DeleteBucketCommand({ Bucket: "made" }))).rejects.toMatchObject(
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
  const written = await s3.send(new PutObjectCommand({ Bucket, Key: "said", Body: "hello", ...said }));
  expect(written.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "said" }));
  expect(head).toMatchObject({
    ...said,
    ContentLength: 5,
    AcceptRanges: "bytes",
    ETag: written.ETag,
  });
  expect(await textOf("said")).toBe("hello");
  await put("said", "");
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "said" }))).toMatchObject({
    ContentLength: 0,
    Metadata: {},
  });
  expect(await textOf("said")).toBe("");
});

test("a missing object, a removed object, a missing bucket", async () => {
  await put("gone");
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
  await expect(textOf("gone")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: "gone" }))).rejects.toMatchObject(refusal(404, "NotFound"));
  await expect(s3.send(new GetObjectCommand({ Bucket: "nowhere", Key: "k" }))).rejects.toMatchObject(
    refusal(404, "NoSuchBucket"),
  );
  await expect(s3.send(new PutObjectCommand({ Bucket: "nowhere", Key: "k", Body: "x" }))).rejects.toMatchObject(
    refusal(404, "NoSuchBucket"),
  );
});

describe("bodies", () => {
  test("a stream of unknown checksum travels in chunks with a trailer, and is stored without either", async () => {
    const body = Readable.from([Buffer.alloc(10_000, "a"), Buffer.alloc(20_000, "b"), Buffer.from("c")]);
    await s3.send(new PutObjectCommand({ Bucket, Key: "stream", Body: body, ContentLength: 30_001 }));
    expect(await textOf("stream")).toBe(`${"a".repeat(10_000)}${"b".repeat(20_000)}c`);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "stream" }))).ContentEncoding).toBeUndefined();
  });

  test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "%s is verified, kept and given back",
    async (ChecksumAlgorithm) => {
      const Key = `checked-${ChecksumAlgorithm}`;
      const written = await s3.send(new PutObjectCommand({ Bucket, Key, Body: "hello", ChecksumAlgorithm }));
      const field = `Checksum${ChecksumAlgorithm}` as const;
      expect(written[field]).toMatch(/^[A-Za-z0-9+/]+=*$/);
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      expect([head[field], head.ChecksumType]).toEqual([written[field], "FULL_OBJECT"]);
      const silent = await s3.send(new HeadObjectCommand({ Bucket, Key }));
      expect(silent[field]).toBeUndefined();
      const wrong = `${written[field]?.startsWith("A") ? "B" : "A"}${written[field]?.slice(1)}`;
      const refused = s3.send(new PutObjectCommand({ Bucket, Key: "unchecked", Body: "hello", [field]: wrong }));
      await expect(refused).rejects.toMatchObject(refusal(400, "BadDigest"));
      await expect(textOf("unchecked")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    },
  );

  test("Content-MD5 is verified", async () => {
    const refused = s3.send(
      new PutObjectCommand({ Bucket, Key: "md5", Body: "hello", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }),
    );
    await expect(refused).rejects.toMatchObject(refusal(400, "BadDigest"));
    const nonsense = s3.send(new PutObjectCommand({ Bucket, Key: "md5", Body: "hello", ContentMD5: "nonsense" }));
    await expect(nonsense).rejects.toMatchObject(refusal(400, "InvalidDigest"));
  });
});

describe("reads", () => {
  test("ranges", async () => {
    await put("digits", "0123456789");
    const get = async (Range: string) => {
      const { Body, ContentRange, ContentLength, $metadata } = await s3.send(
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

  test("conditions", async () => {
    const { ETag } = await put("conditional", "x");
    const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key: "conditional" }));
    const at = (seconds: number) => new Date((LastModified?.getTime() ?? 0) + seconds * 1000);
    const get = (input: object) => s3.send(new GetObjectCommand({ Bucket, Key: "conditional", ...input }));
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
    await s3.send(new PutObjectCommand({ Bucket, Key: "cold", Body: "x", StorageClass: "GLACIER" }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "cold" }))).StorageClass).toBe("GLACIER");
    await expect(textOf("cold")).rejects.toMatchObject(refusal(403, "InvalidObjectState"));
  });
});

describe("conditional writes", () => {
  test("If-None-Match creates once, whoever tries", async () => {
    const tries = Array.from({ length: 16 }, (_, n) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "once", Body: `writer ${n}`, IfNoneMatch: "*" })),
    );
    const outcomes = await Promise.allSettled(tries);
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await textOf("once")).toBe(`writer ${winner}`);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
  });

  test("If-Match swaps one version, deletes one version", async () => {
    const { ETag } = await put("swapped", "old");
    const swap = (IfMatch: string | undefined, Key = "swapped") =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body: "new", IfMatch }));
    await expect(swap('"other"')).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    const after = await swap(ETag);
    await expect(swap(ETag)).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    await expect(swap(ETag, "never-there")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    const remove = (IfMatch: string | undefined) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key: "swapped", IfMatch }));
    await expect(remove(ETag)).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
    await remove(after.ETag);
    await expect(textOf("swapped")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  });
});

describe("copies", () => {
  test("take settings along or replace them, from keys of any kind", async () => {
    const source = "sp ace/ü+%25&é?.txt";
    await s3.send(
      new PutObjectCommand({ Bucket, Key: source, Body: "copy me", Metadata: { a: "1" }, ContentType: "a/b" }),
    );
    const CopySource = encodeURIComponent(`${Bucket}/${source}`);
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }))).toMatchObject({
      Metadata: { a: "1" },
      ContentType: "a/b",
    });
    await s3.send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource, MetadataDirective: "REPLACE", Metadata: { b: "2" } }),
    );
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }))).toMatchObject({
      Metadata: { b: "2" },
      ContentType: "binary/octet-stream",
    });
    expect(await textOf("copy")).toBe("copy me");
  });

  test("onto itself only with a change, from something that is there, under conditions", async () => {
    const { ETag } = await put("self", "x");
    const copy = (input: object) =>
      s3.send(new CopyObjectCommand({ Bucket, Key: "self", CopySource: `${Bucket}/self`, ...input }));
    await expect(copy({})).rejects.toMatchObject(refusal(400, "InvalidRequest"));
    await copy({ MetadataDirective: "REPLACE" });
    await copy({ StorageClass: "STANDARD_IA" });
    await expect(copy({ CopySource: `${Bucket}/not-there` })).rejects.toMatchObject(refusal(404, "NoSuchKey"));
    await expect(copy({ CopySource: "nowhere/x" })).rejects.toMatchObject(refusal(404, "NoSuchBucket"));
    const elsewhere = { Key: "self-2" };
    await expect(copy({ ...elsewhere, CopySourceIfMatch: '"other"' })).rejects.toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
    await expect(copy({ ...elsewhere, CopySourceIfNoneMatch: ETag })).rejects.toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
    await copy({ ...elsewhere, CopySourceIfMatch: ETag });
    await expect(copy({ ...elsewhere, IfNoneMatch: "*" })).rejects.toMatchObject(refusal(412, "PreconditionFailed"));
  });
});

describe("listings", () => {
  const keys = ["Z", "a", "a-b", "a/b", "a/c/d", "ab", "é", "～", "😀", "x+y z%", "c\u0001d", "e\rf"];
  const Prefix = "listed/";
  beforeAll(async () => {
    for (const key of keys) await put(`${Prefix}${key}`);
  });
  const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

  test("version 2, page by page", async () => {
    const found: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 5, ContinuationToken, EncodingType: "url" }),
      );
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
      expect(page).toMatchObject({
        MaxKeys: 5,
        KeyCount: page.Contents?.length,
        IsTruncated: ContinuationToken !== undefined,
      });
    } while (ContinuationToken !== undefined);
    const decoded = found.map((key) => decodeURIComponent(key?.replaceAll("+", " ") ?? ""));
    expect(decoded).toEqual(sorted.map((key) => `${Prefix}${key}`));
  });

  test("version 2, rolled up, after a key, with owners", async () => {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix,
        Delimiter: "/",
        StartAfter: `${Prefix}a`,
        MaxKeys: 2,
        FetchOwner: true,
      }),
    );
    expect(page.Contents?.map(({ Key, Size, Owner }) => [Key, Size, Owner?.DisplayName])).toEqual([
      [`${Prefix}a-b`, 1, "entrepot"],
    ]);
    expect(page.CommonPrefixes).toEqual([{ Prefix: `${Prefix}a/` }]);
    const rest = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix, Delimiter: "/", ContinuationToken: page.NextContinuationToken }),
    );
    expect(rest.CommonPrefixes).toBeUndefined();
    expect(rest.Contents?.[0]?.Key).toBe(`${Prefix}ab`);
  });

  test("version 1 goes on after a common prefix without repeating it", async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket, Prefix, Delimiter: "/", MaxKeys: 4 }));
    expect([first.NextMarker, first.IsTruncated]).toEqual([`${Prefix}a/`, true]);
    const second = await s3.send(
      new ListObjectsCommand({ Bucket, Prefix, Delimiter: "/", Marker: first.NextMarker, MaxKeys: 1 }),
    );
    expect([second.Contents?.[0]?.Key, second.CommonPrefixes]).toEqual([`${Prefix}ab`, undefined]);
  });

  test("nothing is no error, nonsense is one", async () => {
    expect(await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "none/" }))).toMatchObject({
      KeyCount: 0,
      IsTruncated: false,
    });
    expect(await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).toMatchObject({
      KeyCount: 0,
      IsTruncated: false,
    });
    await expect(s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "x" }))).rejects.toMatchObject(
      refusal(400, "InvalidArgument"),
    );
    await expect(s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 }))).rejects.toMatchObject(
      refusal(400, "InvalidArgument"),
    );
    await expect(s3.send(new ListObjectsV2Command({ Bucket: "nowhere" }))).rejects.toMatchObject(
      refusal(404, "NoSuchBucket"),
    );
  });
});

test("many objects are deleted at once, quietly if asked, a thousand at most", async () => {
  const names = ["many/1", "many/a b+c%&<>é", "many/\u0001"];
  for (const name of names) await put(name);
  const remove = (keys: readonly string[], Quiet: boolean) =>
    s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Quiet, Objects: keys.map((Key) => ({ Key })) } }));
  const { Deleted, Errors } = await remove([...names.slice(0, 2), "many/missing"], false);
  expect([Deleted?.map(({ Key }) => Key), Errors]).toEqual([[...names.slice(0, 2), "many/missing"], undefined]);
  expect((await remove(["many/missing"], true)).Deleted).toBeUndefined();
  await expect(
    remove(
      Array.from({ length: 1001 }, (_, n) => `k${n}`),
      true,
    ),
  ).rejects.toMatchObject(refusal(400, "MalformedXML"));
});

describe("uploads in parts", () => {
  const MiB = 1024 * 1024;
  const first = Buffer.alloc(5 * MiB, "a");

  async function start(Key: string, input: object = {}): Promise<string> {
    return (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }))).UploadId ?? "";
  }

  const part = (Key: string, UploadId: string, PartNumber: number, Body: Uint8Array | string, input: object = {}) =>
    s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...input }));

  const complete = (Key: string, UploadId: string, Parts: object[], input: object = {}) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...input }));

  test("become one object, with the settings given at the start", async () => {
    const id = await start("parts", { Metadata: { m: "1" }, ContentType: "x/y" });
    const two = await part("parts", id, 2, "tail");
    const one = await part("parts", id, 1, first);
    expect(
      (await s3.send(new ListPartsCommand({ Bucket, Key: "parts", UploadId: id }))).Parts?.map(
        ({ PartNumber, Size }) => [PartNumber, Size],
      ),
    ).toEqual([
      [1, 5 * MiB],
      [2, 4],
    ]);
    expect(
      (await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "parts" }))).Uploads?.map(
        ({ UploadId }) => UploadId,
      ),
    ).toEqual([id]);
    const done = await complete("parts", id, [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ]);
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: "parts" }));
    expect(object).toMatchObject({
      ContentLength: 5 * MiB + 4,
      ETag: done.ETag,
      Metadata: { m: "1" },
      ContentType: "x/y",
    });
    expect(
      Buffer.concat([first, Buffer.from("tail")]).equals((await object.Body?.transformToByteArray()) ?? Buffer.of()),
    ).toBe(true);
    const second = await s3.send(new GetObjectCommand({ Bucket, Key: "parts", PartNumber: 2 }));
    expect([await second.Body?.transformToString(), second.PartsCount, second.ContentRange]).toEqual([
      "tail",
      2,
      `bytes ${5 * MiB}-${5 * MiB + 3}/${5 * MiB + 4}`,
    ]);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: "parts", PartNumber: 3 }))).rejects.toMatchObject(
      refusal(416, "InvalidPartNumber"),
    );
    const attributes = await s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: "parts",
        ObjectAttributes: ["ObjectSize", "ObjectParts", "Checksum"],
      }),
    );
    expect(attributes).toMatchObject({ ObjectSize: 5 * MiB + 4, ObjectParts: { TotalPartsCount: 2 } });
    expect(attributes.ETag).toBeUndefined();
    await expect(part("parts", id, 1, "late")).rejects.toMatchObject(refusal(404, "NoSuchUpload"));
  });

  test("have the checksum of the whole, as if it had been sent at once", async () => {
    const whole = Buffer.concat([first, Buffer.from("tail")]);
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME"] as const) {
      const field = `Checksum${ChecksumAlgorithm}` as const;
      const { [field]: expected } = await s3.send(
        new PutObjectCommand({ Bucket, Key: "at-once", Body: whole, ChecksumAlgorithm }),
      );
      const id = await start("in-parts", { ChecksumAlgorithm, ChecksumType: "FULL_OBJECT" });
      const sent = [
        await part("in-parts", id, 1, first, { ChecksumAlgorithm }),
        await part("in-parts", id, 2, "tail", { ChecksumAlgorithm }),
      ];
      const named = sent.map(({ ETag, [field]: checksum }, n) => ({ PartNumber: n + 1, ETag, [field]: checksum }));
      const wrong = complete("in-parts", id, named, {
        [field]: ChecksumAlgorithm === "CRC64NVME" ? "AAAAAAAAAAA=" : "AAAAAA==",
      });
      await expect(wrong).rejects.toMatchObject(refusal(400, "BadDigest"));
      const done = await complete("in-parts", id, named, { [field]: expected });
      expect([done[field], done.ChecksumType]).toEqual([expected, "FULL_OBJECT"]);
    }
  });

  test("a composite checksum asks for those of the parts", async () => {
    const id = await start("composite", { ChecksumAlgorithm: "SHA256" });
    const { ETag, ChecksumSHA256 } = await part("composite", id, 1, "only", { ChecksumAlgorithm: "SHA256" });
    await expect(complete("composite", id, [{ PartNumber: 1, ETag }])).rejects.toMatchObject(
      refusal(400, "InvalidRequest"),
    );
    const done = await complete("composite", id, [{ PartNumber: 1, ETag, ChecksumSHA256 }]);
    expect(done.ChecksumSHA256).toMatch(/=-1$/);
    await expect(part("composite", id, 2, "x", { ChecksumAlgorithm: "CRC32" })).rejects.toMatchObject(
      refusal(404, "NoSuchUpload"),
    );
  });

  test("are refused when too small, unknown, out of order, or of another checksum", async () => {
    const id = await start("refused", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const one = await part("refused", id, 1, "small");
    const two = await part("refused", id, 2, "small, too");
    const named = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await expect(complete("refused", id, named)).rejects.toMatchObject(refusal(400, "EntityTooSmall"));
    await expect(complete("refused", id, named.toReversed())).rejects.toMatchObject(refusal(400, "InvalidPartOrder"));
    await expect(complete("refused", id, [{ PartNumber: 3, ETag: one.ETag }])).rejects.toMatchObject(
      refusal(400, "InvalidPart"),
    );
    await expect(complete("refused", id, [{ PartNumber: 1, ETag: two.ETag }])).rejects.toMatchObject(
      refusal(400, "InvalidPart"),
    );
    await expect(complete("refused", id, [])).rejects.toMatchObject(refusal(400, "MalformedXML"));
    await expect(part("refused", id, 3, "x", { ChecksumAlgorithm: "SHA1" })).rejects.toMatchObject(
      refusal(400, "InvalidRequest"),
    );
    await expect(part("refused", id, 10_001, "x")).rejects.toMatchObject(refusal(400, "InvalidArgument"));
    await expect(complete("refused", id, named.slice(1), { MpuObjectSize: 3 })).rejects.toMatchObject(
      refusal(400, "InvalidRequest"),
    );
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "refused", UploadId: id }));
    for (const late of [
      s3.send(new ListPartsCommand({ Bucket, Key: "refused", UploadId: id })),
      complete("refused", id, named),
    ]) {
      await expect(late).rejects.toMatchObject(refusal(404, "NoSuchUpload"));
    }
    await expect(textOf("refused")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  });

  test("can be copied from another object, and published only where nothing is", async () => {
    await put("source", first);
    await put("there", "before");
    const id = await start("there");
    const copy = (PartNumber: number, CopySourceRange: string | undefined) =>
      s3.send(
        new UploadPartCopyCommand({
          Bucket,
          Key: "there",
          UploadId: id,
          PartNumber,
          CopySource: `${Bucket}/source`,
          CopySourceRange,
        }),
      );
    const [one, two] = [await copy(1, undefined), await copy(2, "bytes=0-2")];
    await expect(copy(3, `bytes=0-${5 * MiB}`)).rejects.toMatchObject(refusal(400, "InvalidArgument"));
    const named = [one, two].map(({ CopyPartResult }, n) => ({ PartNumber: n + 1, ETag: CopyPartResult?.ETag }));
    await expect(complete("there", id, named, { IfNoneMatch: "*" })).rejects.toMatchObject(
      refusal(412, "PreconditionFailed"),
    );
    await complete("there", id, named);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "there" }))).ContentLength).toBe(5 * MiB + 3);
  });
});

test.each([
  "a b  c",
  "ünï/日本語",
  "e\u0301",
  "a+b",
  "100%25%2Fx%",
  "w/../x",
  "../x",
  "./x",
  "/lead",
  "a//b",
  "dir/",
  "<a>&\"'",
  "a?b#c",
  "😀",
  "a\\b",
  "~!$'()*@,;=:|",
  "a\nb",
  "\u0001x",
  "x".repeat(1024),
])("the key %j is like any other", async (Key) => {
  await put(Key, Key);
  expect(await textOf(Key)).toBe(Key);
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(textOf(Key)).rejects.toMatchObject(refusal(404, "NoSuchKey"));
});

describe("strangers", () => {
  test("with a wrong secret or an unknown key", async () => {
    const wrong = client({ accessKeyId: "test", secretAccessKey: "guess" });
    await expect(wrong.send(new PutObjectCommand({ Bucket, Key: "hacked", Body: "x" }))).rejects.toMatchObject(
      refusal(403, "SignatureDoesNotMatch"),
    );
    const unknown = client({ accessKeyId: "nobody", secretAccessKey: "secret" });
    await expect(unknown.send(new ListBucketsCommand())).rejects.toMatchObject(refusal(403, "InvalidAccessKeyId"));
    await expect(textOf("hacked")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  });

  test("whoever asks for what is not offered is told so", async () => {
    const versions = s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    await expect(versions).rejects.toMatchObject({
      ...refusal(501, "NotImplemented"),
      message: expect.stringContaining("?versioning"),
    });
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", Tagging: "a=b" }))).rejects.toMatchObject(
      refusal(501, "NotImplemented"),
    );
    await expect(
      s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ACL: "public-read" })),
    ).rejects.toMatchObject(refusal(400, "AccessControlListNotSupported"));
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: "said", VersionId: "v1" }))).rejects.toMatchObject(
      refusal(501, "NotImplemented"),
    );
  });
});
