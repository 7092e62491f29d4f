/** One probe for each behaviour of each personality, over a socket: what the behaviour says, asserted. By the behaviour's id. */
import { expect } from "vitest";
import { base64Md5, type RawAnswer, type RawClient } from "./raw.ts";

type Probe = (raw: RawClient) => Promise<void>;

/** Of the body `x`. */
const crc32 = "jNwWgw==";
const trailed = `1\r\nx\r\n0\r\nx-amz-checksum-crc32:${crc32}\r\n\r\n`;
const trailerHeaders = {
  "content-encoding": "aws-chunked",
  "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "x-amz-decoded-content-length": "1",
  "x-amz-trailer": "x-amz-checksum-crc32",
};
const twoKeys = "<Delete><Object><Key>a</Key></Object><Object><Key>c</Key></Object></Delete>";

const put = (raw: RawClient, key: string, headers: Readonly<Record<string, string>> = {}, body = "x") =>
  raw.send("PUT", `/b/${key}`, { body, headers });
const deleteTwo = (raw: RawClient, headers: Readonly<Record<string, string>>) =>
  raw.send("POST", "/b?delete", { body: twoKeys, headers });

function refused(answer: RawAnswer, status: number, code: string, message?: string | RegExp): void {
  expect(answer).toMatchObject({ status, code });
  if (message !== undefined) expect(answer.message).toMatch(message);
}

async function oneOnly(raw: RawClient, header: string, value: string): Promise<RawAnswer> {
  await put(raw, "one", {}, "first");
  return put(raw, "one", { [header]: value }, "second");
}

const elementsOf = ({ text }: RawAnswer) => [...text.matchAll(/<(\w+)>[^<]*<\/\1>/g)].map(([, name]) => name);

const aws: Readonly<Record<string, Probe>> = {
  "aws-default-checksum": async (raw) => {
    expect((await put(raw, "a")).headers).toMatchObject({ "x-amz-checksum-crc64nvme": expect.any(String) });
  },
  "aws-keys-are-names": async (raw) => {
    const keys = ["x/../y", "a//b", "/lead", "dir", "dir/below"];
    for (const key of keys) expect((await put(raw, key)).status).toBe(200);
    const { text } = await raw.send("GET", "/b?list-type=2");
    for (const key of keys) expect(text).toContain(`<Key>${key}</Key>`);
  },
  "aws-parts-of-any-size": async (raw) => {
    expect((await raw.upload("parts", [1, 0, 2])).status).toBe(200);
    refused(await raw.upload("parts", [0, 0], { order: [2, 1] }), 400, "InvalidPartOrder");
  },
  "aws-conditional-writes": async (raw) => {
    refused(await oneOnly(raw, "if-none-match", "*"), 412, "PreconditionFailed");
    expect((await put(raw, "one", { "if-match": await raw.etagOf("/b/one") })).status).toBe(200);
    refused(await raw.send("DELETE", "/b/one", { headers: { "if-match": '"0"' } }), 412, "PreconditionFailed");
  },
  "aws-protected-deletions": async (raw) => {
    refused(await deleteTwo(raw, {}), 400, "InvalidRequest");
    expect((await deleteTwo(raw, { "content-md5": base64Md5(twoKeys) })).status).toBe(200);
  },
};

const r2: Readonly<Record<string, Probe>> = {
  "r2-region-auto": async (raw) => {
    expect((await raw.signed("GET", "/b", { region: "auto" })).status).toBe(200);
    refused(
      await raw.signed("GET", "/b", { region: "eu-west-1" }),
      400,
      "InvalidRegionName",
      /'eu-west-1' is not valid/,
    );
  },
  "r2-no-signed-chunks": async (raw) => {
    const payloadHash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    const sent = { payloadHash, headers: { "x-amz-decoded-content-length": "1" }, body: "x" };
    refused(await raw.signed("PUT", "/b/a", sent), 501, "NotImplemented", `${payloadHash} not implemented`);
  },
  "r2-refused-headers": async (raw) => {
    const message = "Header 'x-amz-tagging' with value 'a=1' not implemented";
    refused(await put(raw, "a", { "x-amz-tagging": "a=1" }), 501, "NotImplemented", message);
    refused(await put(raw, "a", { "x-amz-server-side-encryption": "AES256" }), 501, "NotImplemented", /'AES256'/);
  },
  "r2-no-tagging": async (raw) => {
    await put(raw, "a");
    refused(await raw.send("GET", "/b/a?tagging"), 501, "NotImplemented", "GetObjectTagging not implemented");
  },
  "r2-head-without-range": async (raw) => {
    await put(raw, "a", {}, "twelve bytes");
    const head = await raw.send("HEAD", "/b/a", { headers: { range: "bytes=0-3" } });
    expect([head.status, head.headers["content-length"]]).toEqual([200, "12"]);
  },
  "r2-equal-parts": async (raw) => {
    expect((await raw.upload("even", [1, 1, 0])).status).toBe(200);
    const message = "All non-trailing parts must have the same length.";
    refused(await raw.upload("uneven", [0, 1, 0]), 400, "InvalidPart", message);
    refused(await raw.upload("longer", [0, 1]), 400, "InvalidPart", message);
  },
  "r2-parts-in-any-order": async (raw) => {
    expect((await raw.upload("a", [0, 0], { order: [2, 1] })).status).toBe(200);
    expect((await raw.send("GET", "/b/a", { headers: { range: "bytes=0-0" } })).text).toBe("A");
  },
  "r2-full-object-crc64": async (raw) => {
    const whole = (algorithm: string) =>
      raw.send("POST", "/b/a?uploads", {
        headers: { "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": "FULL_OBJECT" },
      });
    refused(await whole("CRC32"), 501, "NotImplemented");
    expect((await whole("CRC64NVME")).status).toBe(200);
  },
  "r2-short-errors": async (raw) => {
    const missing = await raw.send("GET", "/b/none");
    expect(elementsOf(missing)).toEqual(["Code", "Message"]);
    expect(missing.headers["server"]).toBe("cloudflare");
  },
};

const minio: Readonly<Record<string, Probe>> = {
  "minio-object-names": async (raw) => {
    const message = "Object name contains unsupported characters.";
    refused(await put(raw, "a//b"), 400, "XMinioInvalidObjectName", message);
    refused(await put(raw, "/a"), 400, "XMinioInvalidObjectName", "Object name contains a leading slash.");
  },
  "minio-dot-segments": async (raw) => {
    for (const path of ["/b/x/../y", "/b/.", "/b?list-type=2&delimiter=."]) {
      const message = 'Resource name contains bad components such as ".." or ".".';
      refused(await raw.send("GET", path), 400, "XMinioInvalidResourceName", message);
    }
    expect((await put(raw, "..a/b..")).status).toBe(200);
  },
  "minio-hidden-keys": async (raw) => {
    for (const key of ["dir", "dir/below", "dir/below/more", "dirt"]) await put(raw, key);
    expect((await raw.send("GET", "/b/dir/below")).text).toBe("x");
    const { text } = await raw.send("GET", "/b?list-type=2");
    expect(text.match(/<Key>[^<]*/g)).toEqual(["<Key>dir", "<Key>dirt"]);
    expect((await raw.send("GET", "/b?list-type=2&prefix=dir/&delimiter=/")).text).toContain("<KeyCount>0<");
  },
  "minio-deletions-want-md5": async (raw) => {
    refused(await deleteTwo(raw, { "x-amz-checksum-crc32": crc32 }), 400, "MissingContentMD5");
    expect((await deleteTwo(raw, { "content-md5": base64Md5(twoKeys) })).status).toBe(200);
  },
  "minio-unconditional-deletions": unconditionalDeletions,
  "minio-abort-of-nothing": async (raw) => {
    expect((await raw.send("DELETE", "/b/a?uploadId=none")).status).toBe(204);
  },
  "minio-head-errors": async (raw) => {
    const { status, headers } = await raw.send("HEAD", "/b/none");
    expect([status, headers["x-minio-error-code"]]).toEqual([404, "NoSuchKey"]);
    expect(headers["x-minio-error-desc"]).toBe('"The specified key does not exist."');
  },
  "minio-error-document": async (raw) => {
    const missing = await raw.send("GET", "/b/none");
    expect(elementsOf(missing)).toEqual(["Code", "Message", "Key", "BucketName", "Resource", "RequestId", "HostId"]);
    expect([missing.headers["server"], (await raw.send("GET", "/b")).headers["server"]]).toEqual(["MinIO", "MinIO"]);
  },
};

const ceph: Readonly<Record<string, Probe>> = {
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

const b2: Readonly<Record<string, Probe>> = {
  "b2-refused-checksums": async (raw) => {
    const says = (name: string) => `Unsupported header '${name}' received for this API call.`;
    const [kept, mode] = ["x-amz-checksum-crc32", "x-amz-checksum-mode"];
    refused(await put(raw, "a", { [kept]: crc32 }), 400, "InvalidArgument", says(kept));
    refused(await raw.send("GET", "/b/a", { headers: { [mode]: "ENABLED" } }), 400, "InvalidArgument", says(mode));
  },
  "b2-no-checksums": async (raw) => {
    const names = Object.keys((await put(raw, "a")).headers);
    expect(names.filter((name) => name.startsWith("x-amz-checksum"))).toEqual([]);
    expect((await raw.send("GET", "/b?list-type=2")).text).not.toContain("Checksum");
  },
  "b2-refused-tags": async (raw) => {
    const message = "Unsupported header 'x-amz-tagging' received for this API call.";
    refused(await put(raw, "a", { "x-amz-tagging": "" }), 400, "InvalidArgument", message);
  },
  "b2-empty-tag-sets": async (raw) => {
    await put(raw, "a");
    await put(raw, "a", { "x-amz-tagging": "a=1" });
    expect((await raw.send("GET", "/b/a?tagging")).text).toContain("<TagSet></TagSet>");
  },
  "b2-no-conditional-writes": async (raw) => {
    const message = "A header you provided implies functionality that is not implemented";
    refused(await put(raw, "a", { "if-none-match": "*" }), 501, "NotImplemented", message);
    refused(await put(raw, "a", { "if-match": '"0"' }), 501, "NotImplemented", message);
  },
  "b2-no-trailers": async (raw) => {
    refused(await put(raw, "a", trailerHeaders, trailed), 400, "MalformedTrailerError");
  },
  "b2-short-errors": async (raw) => {
    expect(elementsOf(await raw.send("GET", "/b/none"))).toEqual(["Code", "Message"]);
  },
};

const gcs: Readonly<Record<string, Probe>> = {
  "gcs-rewritten-accept-encoding": async (raw) => {
    const headers = { "accept-encoding": "identity" };
    refused(await raw.signed("GET", "/b", { headers }), 403, "SignatureDoesNotMatch");
    expect((await raw.signed("GET", "/b", {})).status).toBe(200);
  },
  "gcs-no-trailers": async (raw) => {
    refused(await put(raw, "a", trailerHeaders, trailed), 403, "SignatureDoesNotMatch", "Access denied.");
  },
  "gcs-checksums-ignored": checksumsIgnored,
  "gcs-no-checksum-of-uploads": async (raw) => {
    const whole = { headers: { "x-amz-checksum-crc32": crc32 } };
    refused(await raw.upload("a", [0, 0], whole), 412, "PreconditionFailed");
    expect((await raw.upload("a", [0, 0])).status).toBe(200);
  },
  "gcs-unconditional-writes": async (raw) => {
    expect((await oneOnly(raw, "if-none-match", "*")).status).toBe(200);
    expect((await oneOnly(raw, "if-match", '"0"')).status).toBe(200);
    expect((await raw.send("GET", "/b/one")).text).toBe("second");
  },
  "gcs-generations": async (raw) => {
    for (const { headers } of [await put(raw, "a"), await raw.send("GET", "/b/a"), await raw.send("HEAD", "/b/a")]) {
      expect(headers["x-goog-generation"]).toMatch(/^\d{16}$/);
      expect(headers["x-goog-metageneration"]).toBe("1");
    }
  },
  "gcs-no-multi-object-delete": async (raw) => {
    const message = "A header or query you provided requested a function that is not implemented.";
    refused(await deleteTwo(raw, { "content-md5": base64Md5(twoKeys) }), 501, "NotImplemented", message);
  },
  "gcs-opaque-etags": async (raw) => {
    const { text } = await raw.upload("a", [0, 0]);
    expect(await raw.etagOf("/b/a")).toMatch(/^"C[\w-]+="$/);
    expect(text).toContain(`<ETag>${(await raw.etagOf("/b/a")).replaceAll('"', "&quot;")}</ETag>`);
  },
  "gcs-own-errors": async (raw) => {
    const missing = await raw.send("GET", "/b/none");
    expect(elementsOf(missing)).toEqual(["Code", "Message", "Details"]);
    expect(missing.headers["server"]).toBe("UploadServer");
  },
};

async function unconditionalDeletions(raw: RawClient): Promise<void> {
  await put(raw, "a");
  expect((await raw.send("DELETE", "/b/a", { headers: { "if-match": '"0"' } })).status).toBe(204);
  expect((await raw.send("HEAD", "/b/a")).status).toBe(404);
}

async function checksumsIgnored(raw: RawClient): Promise<void> {
  const wrong = await put(raw, "a", { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-sdk-checksum-algorithm": "CRC32" });
  const read = await raw.send("GET", "/b/a", { headers: { "x-amz-checksum-mode": "ENABLED" } });
  expect([wrong.status, read.status]).toEqual([200, 200]);
  const names = [wrong, read].flatMap(({ headers }) => Object.keys(headers));
  expect(names.filter((name) => name.startsWith("x-amz-checksum"))).toEqual([]);
  expect((await raw.send("GET", "/b?list-type=2")).text).not.toContain("Checksum");
}

export const probes: Readonly<Record<string, Probe>> = { ...aws, ...r2, ...minio, ...ceph, ...b2, ...gcs };
