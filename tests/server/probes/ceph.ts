import { expect } from "vitest";
import {
  checksumsIgnored,
  deleteTwo,
  elementsOf,
  type Probe,
  put,
  refused,
  signatureV2,
  trailed,
  trailerHeaders,
  unconditionalDeletions,
} from "./asked.ts";

export const ceph: Readonly<Record<string, Probe>> = {
  "ceph-signature-v2": signatureV2,
  "ceph-unquoted-if-match": async (raw) => {
    await put(raw, "a");
    const etag = await raw.etagOf("/b/a");
    refused(await put(raw, "a", { "if-match": etag }), 412, "PreconditionFailed");
    expect((await put(raw, "a", { "if-match": etag.replaceAll('"', "") })).status).toBe(200);
    expect((await raw.send("GET", "/b/a", { headers: { "if-match": etag } })).status).toBe(200);
  },
  "ceph-if-match-of-nothing": async (raw) => {
    refused(await put(raw, "none", { "if-match": "abc" }), 412, "PreconditionFailed");
  },
  "ceph-unconditional-completions": async (raw) => {
    await put(raw, "a");
    for (const headers of [{ "if-none-match": "*" }, { "if-match": '"0"' }]) {
      expect((await raw.upload("a", [0, 0], { headers })).status).toBe(200);
    }
  },
  "ceph-unconditional-copies": async (raw) => {
    await put(raw, "a");
    const source = { "x-amz-copy-source": `/${raw.bucket}/a`, "x-amz-copy-source-if-match": '"0"' };
    expect((await raw.send("PUT", "/b/copy", { headers: source })).status).toBe(200);
  },
  "ceph-completion-of-nothing": async (raw) => {
    const body =
      "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>";
    refused(await raw.send("POST", "/b/a?uploadId=none", { body }), 500, "InternalError", /already in progress/);
  },
  "ceph-unconditional-deletions": unconditionalDeletions,
  "ceph-empty-complete-etag": async (raw) => {
    expect((await raw.upload("a", [0, 0])).text).toContain("<ETag></ETag>");
    expect(await raw.etagOf("/b/a")).toMatch(/^"[0-9a-f]{32}-2"$/);
  },
  "ceph-no-checksums": checksumsIgnored,
  "ceph-unprotected-deletions": async (raw) => {
    await put(raw, "a");
    expect((await deleteTwo(raw, {})).text).toContain("<Deleted><Key>a</Key></Deleted>");
  },
  "ceph-no-trailers": async (raw) => {
    refused(await put(raw, "a", trailerHeaders, trailed), 400, "XAmzContentSHA256Mismatch");
    const { "x-amz-content-sha256": payloadHash, ...headers } = trailerHeaders;
    const chunked = { ...headers, "transfer-encoding": "chunked" };
    refused(await raw.signed("PUT", "/b/a", { payloadHash, headers: chunked }), 411, "MissingContentLength");
  },
  "ceph-no-part-reads": async (raw) => {
    await raw.upload("a", [0, 0]);
    const head = await raw.send("HEAD", "/b/a?partNumber=1");
    expect([head.status, head.headers["content-length"]]).toEqual([200, String(10 * 1024 * 1024)]);
    expect(head.headers["x-amz-mp-parts-count"]).toBeUndefined();
  },
  "ceph-unknown-upload": async (raw) => {
    refused(await raw.send("GET", "/b/a?uploadId=none"), 404, "NoSuchKey");
    refused(await raw.send("DELETE", "/b/a?uploadId=none"), 404, "NoSuchUpload");
  },
  "ceph-errors-without-message": async (raw) => {
    const missing = await raw.send("GET", "/b/none");
    expect(elementsOf(missing)).toEqual(["Code", "Message", "BucketName", "RequestId", "HostId"]);
    expect(missing.message).toBe("");
  },
};
