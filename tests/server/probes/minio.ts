import { expect } from "vitest";
import { base64Md5 } from "../raw.ts";
import {
  crc32,
  deleteTwo,
  elementsOf,
  type Probe,
  put,
  refused,
  signatureV2,
  twoKeys,
  unconditionalDeletions,
} from "./asked.ts";

export const minio: Readonly<Record<string, Probe>> = {
  "minio-signature-v2": signatureV2,
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
  "minio-one-page-more": async (raw) => {
    for (const key of ["a b", "c"]) await put(raw, encodeURIComponent(key));
    const first = await raw.send("GET", "/b?list-type=2&max-keys=2&encoding-type=url");
    expect(first.text).toContain("<IsTruncated>true</IsTruncated>");
    const token = /<NextContinuationToken>([^<]*)</.exec(first.text)?.[1] ?? "";
    const more = await raw.send("GET", `/b?list-type=2&max-keys=2&continuation-token=${encodeURIComponent(token)}`);
    expect([more.text.includes("<Key>"), more.text.includes("<IsTruncated>false<")]).toEqual([false, true]);
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
