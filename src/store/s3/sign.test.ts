import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { encodeKey } from "./encode.ts";
import { emptyPayloadHash, Signer, unsignedPayload } from "./sign.ts";

// AWS's published examples: "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference.
const signer = new Signer(
  { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
  "us-east-1",
);
const nowMs = Date.UTC(2013, 4, 24);
const host = "examplebucket.s3.amazonaws.com";
const welcome = createHash("sha256").update("Welcome to Amazon S3.").digest("hex");

describe("signatures are those that AWS publishes", () => {
  test.each([
    [
      "GET an object",
      "GET",
      "/test.txt",
      "",
      { range: "bytes=0-9" },
      emptyPayloadHash,
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "PUT an object",
      "PUT",
      `/${encodeKey("test$file.text")}`,
      "",
      { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      welcome,
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "GET a bucket's lifecycle",
      "GET",
      "/",
      "lifecycle=",
      {},
      emptyPayloadHash,
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "list a bucket",
      "GET",
      "/",
      "max-keys=2&prefix=J",
      {},
      emptyPayloadHash,
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ])("%s", (_name, method, path, query, headers, payloadHash, signature) => {
    const signed = signer.sign({ method, host, path, query, headers, payloadHash }, nowMs);
    expect(signed["authorization"]).toContain(`Signature=${signature}`);
    expect(signed["x-amz-date"]).toBe("20130524T000000Z");
  });

  test("a presigned URL", () => {
    const query = signer.presign(
      { method: "GET", host, path: "/test.txt", parameters: {}, headers: {}, payloadHash: unsignedPayload },
      nowMs,
      86_400,
    );
    expect(query).toBe(
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });
});

test("the key of the day changes at midnight UTC, and back", () => {
  const request = { method: "GET", host, path: "/", query: "", headers: {}, payloadHash: emptyPayloadHash };
  const before = signer.sign(request, nowMs - 1)["authorization"];
  const after = signer.sign(request, nowMs)["authorization"];
  expect(before).toContain("/20130523/");
  expect(after).toContain("/20130524/");
  expect(signer.sign(request, nowMs - 1)["authorization"]).toBe(before);
});

test("a session's token is sent and signed, and the caller's headers are left alone", () => {
  const temporary = new Signer({ ...signer.credentials, sessionToken: "token" }, "eu-central-1");
  const headers = Object.freeze({ "x-amz-meta-a": "1" });
  const signed = temporary.sign(
    { method: "GET", host, path: "/", query: "", headers, payloadHash: emptyPayloadHash },
    nowMs,
  );
  expect(signed["x-amz-security-token"]).toBe("token");
  expect(signed["authorization"]).toContain(
    "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-a;x-amz-security-token,",
  );
});
