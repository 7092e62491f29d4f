import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

const invalid = (message: RegExp) => ({ ...refusal(400, "InvalidRequest"), message: expect.stringMatching(message) });

describe("checksums", () => {
  test.each(["MD5", "SHA512", "XXHASH64", "XXHASH3", "XXHASH128"])("%s is verified, kept and told", async (name) => {
    const put = (Body: string, more: object) =>
      sdk.s3.send(new PutObjectCommand({ Bucket, Key: name, Body, ...more } as never));
    const empty: Readonly<Record<string, string>> = {
      MD5: "1B2M2Y8AsgTpgAmY7PhCfg==",
      SHA512: "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
      XXHASH64: "70bbN1HY6Zk=",
      XXHASH3: "LQaABTjTlMI=",
      XXHASH128: "maoG0wFHmNhgAcMkRo1Jfw==",
    };
    await put("", { [`Checksum${name}`]: empty[name] });
    const head: unknown = await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: name, ChecksumMode: "ENABLED" }));
    expect(head).toMatchObject({ [`Checksum${name}`]: empty[name], ChecksumType: "FULL_OBJECT" });
    await expect(put("x", { [`Checksum${name}`]: empty[name] })).rejects.toMatchObject(refusal(400, "BadDigest"));
  });
});

describe("completing an upload in parts", () => {
  const begin = async (input: object = {}) =>
    (await sdk.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts", ...input }))).UploadId ?? "";
  const part = (UploadId: string, by = sdk.s3, more: object = {}) =>
    by.send(new UploadPartCommand({ Bucket, Key: "parts", UploadId, PartNumber: 1, Body: "x", ...more }));
  const complete = (UploadId: string, one: object, more: object = {}) =>
    sdk.s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: "parts",
        UploadId,
        MultipartUpload: { Parts: [one] },
        ...more,
      }),
    );

  test("what it claims of the whole must have the form of a claim", async () => {
    const id = await begin({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const { ETag } = await part(id, sdk.s3, { ChecksumAlgorithm: "CRC32" });
    const one = { PartNumber: 1, ETag };
    await expect(complete(id, one, { ChecksumCRC32: "nonsense" })).rejects.toMatchObject(
      invalid(/crc32 header is inv/),
    );
    await expect(complete(id, one, { ChecksumType: "HALF" })).rejects.toMatchObject(invalid(/type header is invalid/));
    await expect(complete(id, one, { MpuObjectSize: -1 })).rejects.toMatchObject(invalid(/less than zero/));
    const both = { ChecksumCRC32: "AAAAAA==", ChecksumSHA1: "2jmj7l5rSw0yVb/vlWAYkK/YBwk=" };
    await expect(complete(id, one, both)).rejects.toMatchObject(invalid(/single x-amz-checksum-/));
    await complete(id, one, { MpuObjectSize: 1 });
  });

  test("what it claims of a part is one checksum, of the upload's algorithm", async () => {
    const id = await begin({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const { ETag, ChecksumCRC32 } = await part(id, sdk.s3, { ChecksumAlgorithm: "CRC32" });
    const one = { PartNumber: 1, ETag, ChecksumCRC32 };
    const sha1 = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
    const argument = refusal(400, "InvalidArgument");
    await expect(complete(id, { ...one, ChecksumCRC32: "nonsense" })).rejects.toMatchObject(argument);
    await expect(complete(id, { ...one, ChecksumSHA1: sha1 })).rejects.toMatchObject(argument);
    await expect(complete(id, { PartNumber: 1, ETag, ChecksumSHA1: sha1 })).rejects.toMatchObject({
      ...refusal(400, "BadDigest"),
      message: "The sha1 you specified for part 1 did not match what we received.",
    });
    await expect(complete(id, { ETag })).rejects.toMatchObject(refusal(400, "MalformedXML"));
    await expect(complete(id, { ...one, PartNumber: 0 })).rejects.toMatchObject(argument);
  });

  test("a part of a composite checksum is not taken without its own", async () => {
    const bare = new S3Client({
      ...{ endpoint: sdk.endpoint, region: "us-east-1", forcePathStyle: true, maxAttempts: 1 },
      credentials: { accessKeyId: "test", secretAccessKey: "secret" },
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    const id = await begin({ ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" });
    await expect(part(id, bare)).rejects.toMatchObject(
      invalid(/expected checksum Type: sha256, actual checksum Type: null/),
    );
    const whole = await begin({ ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    await expect(part(whole, bare)).resolves.toMatchObject({ ETag: expect.any(String) });
  });
});

describe("questions", () => {
  test("the last bytes of an empty object are all of it, its first byte is not there", async () => {
    await sdk.put("empty", "");
    const read = (Range: string) => sdk.s3.send(new GetObjectCommand({ Bucket, Key: "empty", Range }));
    expect((await read("bytes=-5")).$metadata.httpStatusCode).toBe(200);
    await expect(read("bytes=0-0")).rejects.toMatchObject(refusal(416, "InvalidRange"));
  });

  test("a part number that is none is refused before the object is looked for", async () => {
    const read = sdk.s3.send(new GetObjectCommand({ Bucket, Key: "never", PartNumber: -3 }));
    await expect(read).rejects.toMatchObject(refusal(400, "InvalidArgument"));
  });

  test("behind a common prefix is behind all of it", async () => {
    for (const key of ["roll/a/1", "roll/a/2", "roll/b/1"]) await sdk.put(key);
    const said = await sdk.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: "roll/", Delimiter: "/", StartAfter: "roll/a/" }),
    );
    expect(said.CommonPrefixes).toEqual([{ Prefix: "roll/b/" }]);
  });

  test("a limit below zero is told its bounds", async () => {
    const below = {
      ...refusal(400, "InvalidArgument"),
      message: expect.stringContaining("must be an integer between"),
    };
    await expect(sdk.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 }))).rejects.toMatchObject(below);
    await expect(sdk.s3.send(new ListBucketsCommand({ MaxBuckets: 0 }))).rejects.toMatchObject(below);
    const { UploadId } = await sdk.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "limits" }));
    const parts = new ListPartsCommand({ Bucket, Key: "limits", UploadId, MaxParts: -1 });
    await expect(sdk.s3.send(parts)).rejects.toMatchObject(below);
  });
});

describe("copies", () => {
  test.each([
    ["%ZZ/x", "Invalid copy source encoding"],
    ["No_Bucket/x", "Invalid copy source bucket name"],
    ["192.168.1.1/x", "Invalid copy source bucket name"],
  ])("of %j are refused by name", async (CopySource, message) => {
    const copy = sdk.s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
    await expect(copy).rejects.toMatchObject({ ...refusal(400, "InvalidArgument"), message });
    const part = { Bucket, Key: "copy", UploadId: "none", PartNumber: 1, CopySource };
    await expect(sdk.s3.send(new UploadPartCopyCommand(part))).rejects.toMatchObject({ message });
  });

  test("a redirect that is no place is refused", async () => {
    const put = new PutObjectCommand({ Bucket, Key: "r", Body: "x", WebsiteRedirectLocation: "ftp://example.com" });
    await expect(sdk.s3.send(put)).rejects.toMatchObject(refusal(400, "InvalidRedirectLocation"));
  });
});
