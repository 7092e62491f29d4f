import {
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketWebsiteCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Bucket, refusal, Sdk } from "./sdk.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

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
  await sdk.put(Key, Key);
  expect(await sdk.textOf(Key)).toBe(Key);
  await sdk.s3.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(sdk.textOf(Key)).rejects.toMatchObject(refusal(404, "NoSuchKey"));
});

describe("strangers", () => {
  test("with a wrong secret or an unknown key", async () => {
    const wrong = sdk.as({ accessKeyId: "test", secretAccessKey: "guess" });
    await expect(wrong.send(new PutObjectCommand({ Bucket, Key: "hacked", Body: "x" }))).rejects.toMatchObject(
      refusal(403, "SignatureDoesNotMatch"),
    );
    const unknown = sdk.as({ accessKeyId: "nobody", secretAccessKey: "secret" });
    await expect(unknown.send(new ListBucketsCommand())).rejects.toMatchObject(refusal(403, "InvalidAccessKeyId"));
    await expect(sdk.textOf("hacked")).rejects.toMatchObject(refusal(404, "NoSuchKey"));
  });

  test("who expect another owner", async () => {
    const asked = (ExpectedBucketOwner: string) =>
      sdk.s3.send(new ListObjectsV2Command({ Bucket, ExpectedBucketOwner }));
    await expect(asked("000000000000")).rejects.toMatchObject(refusal(403, "AccessDenied"));
    expect((await asked("123456789012")).$metadata.httpStatusCode).toBe(200);
  });

  test("whoever asks for what is not offered is told so", async () => {
    const hosted = sdk.s3.send(
      new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: "index.html" } } }),
    );
    await expect(hosted).rejects.toMatchObject({
      ...refusal(501, "NotImplemented"),
      message: expect.stringContaining("?website"),
    });
    await expect(
      sdk.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ObjectLockLegalHoldStatus: "ON" })),
    ).rejects.toMatchObject(refusal(501, "NotImplemented"));
    await expect(
      sdk.s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ACL: "public-read" })),
    ).rejects.toMatchObject(refusal(400, "AccessControlListNotSupported"));
  });
});
