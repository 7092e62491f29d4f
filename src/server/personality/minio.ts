/** MinIO: keys are paths of its file systems, and its errors say more than AWS's. */
import { S3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { SortedKeys } from "../storage/sorted-keys.ts";
import type { Storage } from "../storage/storage.ts";
import { withMethods } from "../storage/with-methods.ts";
import { promisingMore } from "./one-page-more.ts";
import type { ErrorElement, Personality } from "./personality.ts";
import { verifySignatureV2 } from "./signature-v2.ts";
import { unconditionalDeletions } from "./unconditional-deletions.ts";

export const minio: Personality = {
  name: "minio",
  title: "MinIO",
  as: "RELEASE.2025, the community edition",
  behaviours: [
    {
      id: "minio-signature-v2",
      says: "Signature Version 2 is accepted, in a header and in a URL.",
      source: ["minio/minio#7961"],
      authenticates: verifySignatureV2,
    },
    {
      id: "minio-object-names",
      says: "A key with `//` in it or `/` before it is refused: 400 XMinioInvalidObjectName.",
      source: ["minio/minio#5874", "minio/minio#15684", "minio/minio#9567"],
      admits: refuseObjectNames,
    },
    {
      id: "minio-dot-segments",
      says: "`.` and `..` as a segment of the path, or of a prefix or delimiter, are refused: 400 XMinioInvalidResourceName.",
      source: ["minio/minio#13022", "minio/minio#18421", "storj/edge#143"],
      arrives: refuseDotSegments,
    },
    {
      id: "minio-hidden-keys",
      says: "A key below another key (`a/b` where `a` is an object) can be written and read, but no listing shows it.",
      source: ["minio/minio#17151", "minio/minio#20834", "minio/minio#12851"],
      stores: hideNested,
    },
    {
      id: "minio-one-page-more",
      says: "A full page of ListObjectsV2 promises another one even when it is the last, and that is empty.",
      source: ["minio/minio-js#1314"],
      answers: (answer, operation) => (operation === "ListObjectsV2" ? promisingMore(answer) : answer),
    },
    {
      id: "minio-deletions-want-md5",
      says: "DeleteObjects wants Content-MD5; another checksum does not do: 400 MissingContentMD5.",
      source: ["apache/arrow-rs-object-store#90", "minio/minio-go#2024"],
      admits: (request, operation) => {
        if (operation !== "DeleteObjects" || request.header("content-md5") !== undefined) return request;
        throw new S3Error("MissingContentMD5", 400, "Missing required header for this request: Content-Md5.");
      },
    },
    {
      id: "minio-unconditional-deletions",
      says: "DELETE takes no notice of `If-Match`, nor DeleteObjects of an `ETag`: whatever is there is deleted.",
      source: ["minio/minio#21677"],
      stores: unconditionalDeletions,
    },
    {
      id: "minio-abort-of-nothing",
      says: "To abort an upload that is not there succeeds: 204.",
      source: ["supabase/storage#1199"],
      refuses: (error, operation) =>
        operation === "AbortMultipartUpload" && error.code === "NoSuchUpload" ? { status: 204 } : error,
    },
    {
      id: "minio-head-errors",
      says: "A refused HEAD says why in `x-minio-error-code` and `x-minio-error-desc`, as it has no document.",
      source: ["minio/minio#17283", "minio/minio-js#1249"],
      refuses: explainHead,
    },
    {
      id: "minio-error-document",
      says: "An error document names the key and the bucket, in elements of their own.",
      source: ["minio/minio#1291", "https://github.com/minio/minio/blob/master/cmd/api-errors.go"],
      describes: nameBucketAndKey,
      sends: { server: "MinIO" },
    },
  ],
};

function refuseObjectNames(request: IncomingRequest): IncomingRequest {
  const { key } = request.target;
  if (!key.startsWith("/") && !key.includes("//")) return request;
  const why = key.startsWith("/") ? "a leading slash" : "unsupported characters";
  throw new S3Error("XMinioInvalidObjectName", 400, `Object name contains ${why}.`);
}

function refuseDotSegments(request: IncomingRequest): IncomingRequest {
  const { path, query } = request.target;
  const isDots = (text: string) => text.split("/").some((segment) => segment === "." || segment === "..");
  if (!isDots(path) && !query.pairs.some(([, value]) => isDots(value))) return request;
  const message = 'Resource name contains bad components such as ".." or ".".';
  throw new S3Error("XMinioInvalidResourceName", 400, message);
}

function hideNested(storage: Storage): Storage {
  return withMethods(storage, {
    keys: (bucket) => {
      const keys = [...storage.keys(bucket)];
      const objects = new Set(keys);
      return new SortedKeys(keys.filter((key) => !ancestors(key).some((one) => objects.has(one))));
    },
  });
}

/** `a` and `a/b` of `a/b/c`. */
function ancestors(key: string): readonly string[] {
  const found: string[] = [];
  for (let at = key.indexOf("/"); at >= 0; at = key.indexOf("/", at + 1)) found.push(key.slice(0, at));
  return found;
}

function explainHead(error: S3Error, _operation: string | undefined, request: IncomingRequest): S3Error {
  if (request.method !== "HEAD") return error;
  const headers = { ...error.headers, "x-minio-error-code": error.code, "x-minio-error-desc": `"${error.message}"` };
  return new S3Error(error.code, error.status, error.message, { details: error.details, headers });
}

function nameBucketAndKey(elements: readonly ErrorElement[], request: IncomingRequest): readonly ErrorElement[] {
  const { bucket, key } = request.target;
  const named: readonly ErrorElement[] = [
    ["Key", key],
    ["BucketName", bucket],
  ];
  const isNamed = (name: string) => name === "Key" || name === "BucketName";
  const [code, message, ...rest] = elements.filter(([name]) => !isNamed(name));
  return [code, message, ...named.filter(([, text]) => text !== ""), ...rest].filter((one) => one !== undefined);
}
