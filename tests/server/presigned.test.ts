/** URLs presigned by the AWS SDK, used by fetch, which signs nothing: who has the URL may do that one thing, for as long as it says. */
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryStorage, type RunningS3Server, startServer } from "../../src/server/index.ts";
import { formOf, refusalOf, signedFields } from "./signed-form.ts";

const Bucket = "photos";
const root = { accessKeyId: "test", secretAccessKey: "secret" };
const session = { accessKeyId: "ASIASESSION", secretAccessKey: "hush", sessionToken: "to/ken+==" };
const startMs = Date.now();
const expiresAtMs = startMs + 3600_000;

let server: RunningS3Server;
let now = startMs;
beforeAll(async () => {
  const credentials = [root, { ...session, expiresAtMs }];
  server = await startServer({ storage: new MemoryStorage(), credentials, buckets: [Bucket], now: () => now });
});
afterAll(() => server.close());

const client = (credentials = root) =>
  new S3Client({ endpoint: server.endpoint, region: "us-east-1", forcePathStyle: true, credentials });

async function answer(url: string, init: RequestInit = {}, atMs = startMs): Promise<Record<string, unknown>> {
  now = atMs;
  return await refusalOf(await fetch(url, init));
}

describe("a URL presigned by the AWS SDK", () => {
  test("brings the metadata that it was signed with, which its user cannot change", async () => {
    const command = new PutObjectCommand({ Bucket, Key: "described", Metadata: { by: "me" } });
    const put = await getSignedUrl(client(), command);
    expect(await answer(put, { method: "PUT", body: "text" })).toEqual({ status: 200 });
    const { Metadata: kept } = await client().send(new HeadObjectCommand({ Bucket, Key: "described" }));
    expect(kept).toEqual({ by: "me" });
    const odd = new PutObjectCommand({ Bucket, Key: "odd", Metadata: { by: "a\nb" } });
    const refused = await answer(await getSignedUrl(client(), odd), { method: "PUT", body: "text" });
    expect(refused).toMatchObject({ status: 400, Code: "InvalidArgument", ArgumentName: "x-amz-meta-by" });
    const other = put.replace("x-amz-meta-by=me", "x-amz-meta-by=you");
    expect(await answer(other, { method: "PUT", body: "text" })).toMatchObject({ Code: "SignatureDoesNotMatch" });
  });

  test("lets read, and write, and nothing else", async () => {
    const put = await getSignedUrl(client(), new PutObjectCommand({ Bucket, Key: "a b/ü+~" }));
    expect(await answer(put, { method: "PUT", body: "text" })).toEqual({ status: 200 });
    const get = await getSignedUrl(
      client(),
      new GetObjectCommand({ Bucket, Key: "a b/ü+~", ResponseContentType: "a/b" }),
    );
    const read = await fetch(get);
    expect([read.status, read.headers.get("content-type"), await read.text()]).toEqual([200, "a/b", "text"]);
    expect(await answer(get, { method: "PUT", body: "x" })).toMatchObject({
      status: 403,
      Code: "SignatureDoesNotMatch",
    });
    expect(await answer(get.replace("a%2Fb", "a%2Fc"))).toMatchObject({ Code: "SignatureDoesNotMatch" });
    const head = await getSignedUrl(client(), new HeadObjectCommand({ Bucket, Key: "a b/ü+~" }));
    expect((await fetch(head, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(get, { method: "HEAD" })).status).toBe(403);
  });

  test("demands the headers that it signed, and no others of S3's", async () => {
    const options = {
      unhoistableHeaders: new Set(["x-amz-meta-a"]),
      signableHeaders: new Set(["content-type", "host"]),
    };
    const command = new PutObjectCommand({ Bucket, Key: "k", ContentType: "a/b", Metadata: { a: "1" } });
    const put = await getSignedUrl(client(), command, options);
    const headers = { "content-type": "a/b", "x-amz-meta-a": "1" };
    const send = (more: Record<string, string>) =>
      answer(put, { method: "PUT", body: "x", headers: { ...headers, ...more } });
    expect(await send({})).toEqual({ status: 200 });
    expect(await send({ "content-type": "a/c" })).toMatchObject({ Code: "SignatureDoesNotMatch" });
    expect(await send({ "x-amz-meta-a": "2" })).toMatchObject({ Code: "SignatureDoesNotMatch" });
    expect(await send({ "x-amz-meta-b": "2" })).toMatchObject({
      ...{ status: 403, Code: "AccessDenied", HeadersNotSigned: "x-amz-meta-b" },
      Message: "There were headers present in the request which were not signed",
    });
  });

  test("ends when it says, to the millisecond, and not a week later", async () => {
    const signingDate = new Date(Math.floor(startMs / 1000) * 1000);
    const url = await getSignedUrl(client(), new GetObjectCommand({ Bucket, Key: "k" }), {
      expiresIn: 60,
      signingDate,
    });
    const endMs = signingDate.getTime() + 60_000;
    expect(await answer(url, {}, endMs)).toMatchObject({ status: 200 });
    expect(await answer(url, {}, endMs + 1)).toMatchObject({
      ...{ status: 403, Code: "AccessDenied", Message: "Request has expired", "X-Amz-Expires": "60" },
      Expires: new Date(endMs).toISOString().replace(".000", ""),
    });
    const prolonged = url.replace("X-Amz-Expires=60", "X-Amz-Expires=604801");
    expect(await answer(prolonged)).toMatchObject({ status: 400, Code: "AuthorizationQueryParametersError" });
  });

  test("may be for a part of an upload", async () => {
    const command = new UploadPartCommand({ Bucket, Key: "k", UploadId: "none", PartNumber: 1 });
    const url = await getSignedUrl(client(), command);
    expect(await answer(url, { method: "PUT", body: "x" })).toMatchObject({ status: 404, Code: "NoSuchUpload" });
  });
});

describe("the credentials of a session", () => {
  const command = new PutObjectCommand({ Bucket, Key: "of-session" });

  test("sign with their token, until they expire", async () => {
    const url = await getSignedUrl(client(session), command, { expiresIn: 7200 });
    expect(await answer(url, { method: "PUT", body: "x" })).toEqual({ status: 200 });
    expect(await answer(url, { method: "PUT", body: "x" }, expiresAtMs)).toMatchObject({
      ...{ status: 400, Code: "ExpiredToken", Message: "The provided token has expired.", "Token-0": "to/ken+==" },
    });
    const { sessionToken: _, ...half } = session;
    expect(await answer(await getSignedUrl(client(half), command), { method: "PUT" })).toMatchObject({
      ...{ status: 403, Code: "InvalidAccessKeyId" },
    });
  });

  test("sign forms, too", async () => {
    const upload = async (more: object, atMs: number) => {
      now = atMs;
      const fields = signedFields({ bucket: Bucket, fields: { key: "k" }, nowMs: startMs, ...session, ...more });
      const body = formOf(fields, "x");
      return await refusalOf(await fetch(`${server.endpoint}/${Bucket}`, { method: "POST", body }));
    };
    expect(await upload({}, startMs)).toEqual({ status: 204 });
    expect(await upload({ sessionToken: "other" }, startMs)).toMatchObject({ status: 400, Code: "InvalidToken" });
    expect(await upload({ expiresMs: expiresAtMs + 60_000 }, expiresAtMs)).toMatchObject({ Code: "ExpiredToken" });
    expect(await upload({ expiresMs: startMs + 1 }, startMs + 2)).toMatchObject({
      Message: "Invalid according to Policy: Policy expired.",
    });
  });
});
