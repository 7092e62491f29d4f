import { describe, expect, test } from "vitest";
import { refusal, scripted } from "./scripted.fixture.ts";

const customerKey = new Uint8Array(32).fill(7);

describe.each([["AES256"], [{ kmsKeyId: "k" }], [{ customerKey }]] as const)(
  "a server that takes no notice of sse %j",
  (sse) => {
    const written = { status: 200, headers: { etag: '"new"', "content-length": "0" } };
    const begun = `<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>`;

    test("is not believed to have encrypted what was written", async () => {
      const { bucket } = scripted(() => written, { sse });
      const refused = { code: "unsupported", message: expect.stringContaining("unencrypted"), retryable: false };
      await expect(bucket.write("k", Buffer.from("x"))).rejects.toMatchObject(refused);
    });

    test("gets not one part of an upload", async () => {
      const { bucket, transport } = scripted(
        ({ method }) => (method === "POST" ? { status: 200, headers: {}, body: begun } : { status: 204, headers: {} }),
        { sse, uploads: { partBytes: 4, singleBytes: 4 } },
      );
      await expect(bucket.write("k", Buffer.from("0123456789"))).rejects.toMatchObject({ code: "unsupported" });
      expect(transport.requests.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
    });
  },
);

test("an answer that names the encryption is a success", async () => {
  const { bucket } = scripted(
    () => ({ status: 200, headers: { etag: '"new"', "x-amz-server-side-encryption": "AES256" } }),
    { sse: "AES256" },
  );
  expect(await bucket.write("k", Buffer.from("x"))).toMatchObject({ etag: '"new"' });
});

test("nor is it a server that cannot copy: nothing is sent once more", async () => {
  const answered = "<CopyObjectResult><ETag>&quot;c&quot;</ETag></CopyObjectResult>";
  const { bucket, transport } = scripted(
    ({ method }) =>
      method === "HEAD"
        ? { status: 200, headers: { etag: '"a"', "content-length": "4" } }
        : { status: 200, headers: {}, body: answered },
    { sse: "AES256" },
  );
  await expect(bucket.copyFrom({ store: bucket, key: "a" }, "b")).rejects.toMatchObject({ code: "unsupported" });
  expect(transport.requests.map(({ method }) => method)).toEqual(["HEAD", "PUT"]);
});

test("a stream without a size is written by somebody with a name, and says so", async () => {
  const { bucket } = scripted(() => refusal(403, "AccessDenied"), {
    credentials: "anonymous",
    uploads: { partBytes: 4, singleBytes: 4 },
  });
  async function* open() {
    yield Buffer.from("0123456789");
  }
  const written = bucket.write("k", { sizeBytes: undefined, open });
  await expect(written).rejects.toMatchObject({ code: "forbidden", hint: expect.stringContaining("how long") });
});

test("one that is refused within a single request is not told so", async () => {
  const { bucket } = scripted(() => refusal(403, "AccessDenied"), { credentials: "anonymous" });
  async function* open() {
    yield Buffer.from("01");
  }
  const written = bucket.write("k", { sizeBytes: undefined, open });
  await expect(written).rejects.toMatchObject({ code: "forbidden", hint: expect.not.stringContaining("how long") });
});
