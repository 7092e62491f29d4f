/** Requests that no client sends by mistake, against the strict server over a socket. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startS3Server } from "../../src/testing/index.ts";
import { RawClient } from "./raw.ts";

let raw: RawClient;
beforeAll(async () => {
  raw = await RawClient.start();
});
afterAll(() => raw.close());

async function remove(document: Uint8Array) {
  const headers = { "content-md5": createHash("md5").update(document).digest("base64") };
  return await raw.send("POST", "/b?delete", { headers, body: document });
}

test("metadata may bear any name", async () => {
  const headers = { "x-amz-meta-__proto__": "1", "x-amz-meta-constructor": "2" };
  expect((await raw.send("PUT", "/b/named", { headers, body: "x" })).status).toBe(200);
  expect((await raw.send("HEAD", "/b/named")).headers).toMatchObject(headers);
});

test("a document that is not UTF-8 removes nothing, least of all another key", async () => {
  await raw.send("PUT", "/b/a%EF%BF%BDb", { body: "x" });
  const document = Buffer.from("<Delete><Object><Key>a\u00ffb</Key></Object></Delete>", "latin1");
  expect(await remove(document)).toMatchObject({ status: 400, code: "MalformedXML" });
  expect((await raw.send("HEAD", "/b/a%EF%BF%BDb")).status).toBe(200);
});

test("a listing goes on by the marker of its kind, not by the other's, which would be the first page for ever", async () => {
  const refusal = (name: string) => raw.send("GET", `/b?${name}`);
  const only = "only supported in REST.GET.BUCKET with list-type=2";
  expect(await refusal("continuation-token=x")).toMatchObject({ status: 400, message: `continuation-token ${only}` });
  expect(await refusal("start-after=x&list-type=1")).toMatchObject({ status: 400, message: `startAfter ${only}` });
  const second = await refusal("list-type=2&marker=x");
  const unsupported = "Marker unsupported with REST.GET.BUCKET in list-type=2";
  expect(second).toMatchObject({ status: 400, code: "InvalidArgument", message: unsupported });
  // Any other type is the first one.
  expect((await raw.send("GET", "/b?list-type=3")).text).toContain("<Marker></Marker>");
});

test("a user has a key of his own: with the root's he would be the root, or the root he", async () => {
  const secretAccessKey = "secret";
  const users = [{ accessKeyId: "test", secretAccessKey, user: "ann" }];
  await expect(startS3Server({ users })).rejects.toThrow("no two credentials have the same accessKeyId");
});

test("an upload by form is in the log by its operation, and may meet a fault by it", async () => {
  await using s3 = await startS3Server({ buckets: ["b"], anonymous: true });
  s3.inject("PostObject in/** 503 SlowDown");
  const send = async (key: string) => {
    const form = new FormData();
    form.set("key", key);
    form.set("file", new Blob(["x"]));
    return (await fetch(`${s3.endpoint}/b`, { method: "POST", body: form })).status;
  };
  expect([await send("k"), await send("in/k"), await send("in/k")]).toEqual([204, 503, 204]);
  s3.expectRequests({ PostObject: 3 });
});

test("a bucket has no versions: who has lost the key does not delete it", async () => {
  await raw.send("PUT", "/other-bucket");
  expect(await raw.send("DELETE", "/other-bucket?versionId=null")).toMatchObject({
    ...{ status: 400, code: "InvalidArgument", message: "This operation does not accept a version-id." },
  });
  expect((await raw.send("DELETE", "/other-bucket")).status).toBe(204);
});
