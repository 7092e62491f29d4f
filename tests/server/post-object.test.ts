/** Uploads by a browser's form against the strict server, over a socket. */
import { GetObjectTaggingCommand, HeadObjectCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryStorage, type RunningS3Server, startServer } from "../../src/server/index.ts";
import { Bucket, Sdk } from "./sdk.ts";
import { filenameVariable, formOf, formsFor, refusalOf } from "./signed-form.ts";

let sdk: Sdk;
beforeAll(async () => {
  sdk = await Sdk.start();
});
afterAll(() => sdk.close());

const nowMs = Date.now();
const { form, post } = formsFor(Bucket, () => sdk.endpoint, nowMs);

describe("a form that is signed", () => {
  test("makes an object of its file and its fields", async () => {
    const answer = await post(
      form({
        key: `cats/${filenameVariable}`,
        "Content-Type": "image/jpeg",
        "Cache-Control": "max-age=60",
        "x-amz-meta-NAME": "Tom & Ä",
        "x-amz-storage-class": "STANDARD_IA",
        "x-amz-server-side-encryption": "AES256",
        tagging: "<Tagging><TagSet><Tag><Key>a b</Key><Value>1/2</Value></Tag></TagSet></Tagging>",
        acl: "private",
      }),
      "meow",
      "C:\\pictures\\tom.jpg",
    );
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(answer.headers.get("etag")).toBe('"4a4be40c96ac6314e91d93f38043a634"');
    expect(answer.headers.get("location")).toBe(`${sdk.endpoint}/${Bucket}/cats%2Ftom.jpg`);
    expect(answer.headers.get("x-amz-checksum-type")).toBe("FULL_OBJECT");
    expect(await sdk.textOf("cats/tom.jpg")).toBe("meow");
    expect(await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: "cats/tom.jpg" }))).toMatchObject({
      ContentType: "image/jpeg",
      CacheControl: "max-age=60",
      Metadata: { name: "=?UTF-8?Q?Tom_=26_=C3=84?=" },
      StorageClass: "STANDARD_IA",
      ServerSideEncryption: "AES256",
    });
    const { TagSet } = await sdk.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "cats/tom.jpg" }));
    expect(TagSet).toEqual([{ Key: "a b", Value: "1/2" }]);
  });

  test("is answered with a document, when it asks for 201", async () => {
    const answer = await post(form({ key: "ké y/&", success_action_status: "201" }));
    const location = `${sdk.endpoint}/${Bucket}/k%C3%A9%20y%2F%26`;
    expect([answer.status, answer.headers.get("location")]).toEqual([201, location]);
    expect(await answer.text()).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>${location}</Location><Bucket>${Bucket}</Bucket><Key>ké y/&amp;</Key><ETag>&quot;4a4be40c96ac6314e91d93f38043a634&quot;</ETag></PostResponse>`,
    );
  });

  test("is an operation of its own to a fault", async () => {
    sdk.inject("PostObject cats/* 503 SlowDown");
    expect((await post(form({ key: "dogs/a" }))).status).toBe(204);
    expect((await post(form({ key: "cats/a" }))).status).toBe(503);
    expect((await post(form({ key: "cats/a" }))).status).toBe(204);
  });

  test.each([
    ["200", 200],
    ["204", 204],
    ["404", 204],
  ])("is answered with %s, when that is one of the three it may ask for", async (success_action_status, status) => {
    expect((await post(form({ key: "k", success_action_status }))).status).toBe(status);
  });

  test("may name its bucket in a field, as the form of the AWS SDK does", async () => {
    expect((await post(form({ bucket: Bucket, key: "k" }))).status).toBe(204);
    expect((await post(form({ bucket: "empty", key: "k" }))).status).toBe(403);
  });

  test("sends the browser on, when it says where to", async () => {
    const one = await post(form({ key: "a b/c", success_action_redirect: "http://example.com/done?x=1" }));
    const told = "bucket=photos&key=a+b%2Fc&etag=%224a4be40c96ac6314e91d93f38043a634%22";
    expect([one.status, one.headers.get("location")]).toEqual([303, `http://example.com/done?x=1&${told}`]);
    const old = await post(form({ key: "a b/c", redirect: "http://example.com/done" }));
    expect(old.headers.get("location")).toBe(`http://example.com/done?${told}`);
    // localstack's test_s3.py, test_s3_presigned_post_success_action_redirect.
    expect((await post(form({ key: "k", success_action_redirect: "/wrong/relative" }))).status).toBe(204);
  });

  test("may be as large as its policy says, and as small", async () => {
    const conditions = [["content-length-range", 5, 10]];
    const upload = async (file: string) => await refusalOf(await post(form({ key: "sized" }, { conditions }), file));
    expect(await upload("12345")).toEqual({ status: 204 });
    expect(await upload("1234567890")).toEqual({ status: 204 });
    expect(await upload("123456789012")).toMatchObject({
      ...{ status: 400, Code: "EntityTooLarge", Message: "Your proposed upload exceeds the maximum allowed size" },
      ...{ ProposedSize: "12", MaxSizeAllowed: "10" },
    });
    expect(await upload("1")).toMatchObject({
      ...{
        status: 400,
        Code: "EntityTooSmall",
        Message: "Your proposed upload is smaller than the minimum allowed size",
      },
      ...{ ProposedSize: "1", MinSizeAllowed: "5" },
    });
    expect(await sdk.textOf("sized")).toBe("1234567890");
  });

  test("may say nothing that no answer could give back", async () => {
    for (const [field, value] of [
      ["x-amz-meta-a", "a\r\nb: c"],
      ["x-amz-meta-é", "1"],
      ["x-amz-meta-a b", "1"],
      ["Cache-Control", "a\u0001"],
      ["x-amz-server-side-encryption-aws-kms-key-id", "a\r\nb"],
    ] as const) {
      const answer = await refusalOf(await post(form({ key: "unspeakable", [field]: value })));
      expect(answer).toMatchObject({ status: 400, Code: "InvalidArgument", ArgumentName: field });
    }
    const unread = { host: "a\r\nb", success_action_redirect: "http://a.example/\r\nb", note: "a\r\nb" };
    expect((await post(form({ key: "said", ...unread }))).status).toBe(204);
    expect(await sdk.textOf("said")).toBe("meow");
  });

  test("is held against the checksum and the MD5 that it brings", async () => {
    const sum = { "x-amz-checksum-crc32": "i7LWfg==" };
    const bad = await refusalOf(await post(form({ key: "sum", ...sum }), "other"));
    expect(bad).toMatchObject({ status: 400, Code: "BadDigest" });
    const md5 = { "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==" };
    expect(await refusalOf(await post(form({ key: "sum", ...md5 })))).toMatchObject({ status: 400, Code: "BadDigest" });
    expect((await post(form({ key: "sum", ...md5 }), "")).status).toBe(204);
    expect((await post(form({ key: "s", "x-amz-checksum-sha1": "A" }))).status).toBe(400);
  });

  test("keeps the variable in its key when the file has no name", async () => {
    const fields = form({ key: `as-${filenameVariable}` });
    const boundary = "x";
    const parts = [...Object.entries(fields), ["file", "data"]].map(
      ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const answer = await fetch(`${sdk.endpoint}/${Bucket}`, {
      method: "POST",
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
      body: `${parts.join("")}--${boundary}--\r\n`,
    });
    expect(answer.status).toBe(204);
    expect(await sdk.textOf(`as-${filenameVariable}`)).toBe("data");
    expect((await sdk.s3.send(new HeadObjectCommand({ Bucket, Key: `as-${filenameVariable}` }))).ContentType).toBe(
      "binary/octet-stream",
    );
  });
});

describe("where anonymous requests are served", () => {
  let open: RunningS3Server;
  beforeAll(async () => {
    const credentials = [{ accessKeyId: "test", secretAccessKey: "secret" }];
    open = await startServer({ storage: new MemoryStorage(), credentials, buckets: [Bucket], anonymous: true });
  });
  afterAll(() => open.close());

  test("a form needs no signature, and one that it has must hold", async () => {
    const send = (fields: Readonly<Record<string, string | undefined>>) =>
      fetch(`${open.endpoint}/${Bucket}`, { method: "POST", body: formOf(fields, "meow") });
    expect((await send({ key: "k", "x-amz-meta-a": "b" })).status).toBe(204);
    const changed = { ...form({ key: "k" }), "X-Amz-Signature": "0".repeat(64) };
    expect(await refusalOf(await send(changed))).toMatchObject({ status: 403, Code: "SignatureDoesNotMatch" });
  });
});

test("a form that nobody signed may do what the bucket's policy allows strangers", async () => {
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: `arn:aws:s3:::${Bucket}/inbox/*` },
    ],
  });
  await sdk.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  expect(await refusalOf(await post({ key: `inbox/${filenameVariable}` }))).toEqual({ status: 204 });
  expect(await refusalOf(await post({ key: "outbox/1" }))).toMatchObject({ status: 403, Code: "AccessDenied" });
  expect(await sdk.textOf("inbox/cat.jpg")).toBe("meow");
});
