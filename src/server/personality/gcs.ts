/** Google Cloud Storage by its XML API with HMAC keys, as clients of S3 use it. */
import { hash } from "node:crypto";
import type { Answer } from "../answer.ts";
import { s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { withHeader, withoutHeaders } from "../request/rewrite-request.ts";
import { changingUploads } from "./changing-uploads.ts";
import type { ErrorElement, Personality } from "./personality.ts";
import { ignoresChecksums } from "./without-checksums.ts";

const writes: ReadonlySet<string> = new Set(["PutObject", "CompleteMultipartUpload", "CopyObject", "DeleteObject"]);

export const gcs: Personality = {
  name: "gcs",
  title: "Google Cloud Storage (XML API)",
  as: "2025; deletions of many keys have since become generally available",
  behaviours: [
    {
      id: "gcs-rewritten-accept-encoding",
      says: "`Accept-Encoding` is changed on the way in, so that a signature which covers it never fits: 403 SignatureDoesNotMatch.",
      source: ["benbjohnson/litestream#1386", "siderolabs/talos-backup#64", "aws/aws-sdk-go-v2#1816"],
      arrives: (request) => {
        const given = request.header("accept-encoding");
        return given === undefined ? request : withHeader(request, "accept-encoding", `${given},gzip(gfe)`);
      },
    },
    {
      id: "gcs-no-trailers",
      says: "A body in aws-chunked framing is refused: 403 SignatureDoesNotMatch.",
      source: ["aws/aws-sdk-java-v2#5987", "afreidah/s3-orchestrator#225"],
      arrives: (request) => {
        const isStreaming = request.header("x-amz-content-sha256")?.startsWith("STREAMING-") === true;
        if (isStreaming) throw s3Error("SignatureDoesNotMatch", { message: "Access denied." });
        return request;
      },
    },
    {
      id: "gcs-checksums-ignored",
      says: "Headers of checksums are not read, and none is given back.",
      source: ["milvus-io/milvus-storage#454"],
      admits: (request, operation) =>
        operation === "CompleteMultipartUpload" ? request : ignoresChecksums.admits(request, operation),
      answers: ignoresChecksums.answers,
    },
    {
      id: "gcs-no-checksum-of-uploads",
      says: "A completion that says the checksum of the whole is refused: 412 PreconditionFailed.",
      source: ["langfuse/langfuse#13280"],
      admits: (request, operation) => {
        const isChecksum = (name: string) => /^x-amz-checksum-(?!type$)/.test(name);
        if (operation !== "CompleteMultipartUpload" || !request.headerNames().some(isChecksum)) return request;
        throw s3Error("PreconditionFailed");
      },
    },
    {
      id: "gcs-unconditional-writes",
      says: "A write takes no notice of `If-Match` and `If-None-Match`: the object is replaced.",
      source: ["aws/aws-sdk-java-v2#6055", "earth-mover/icechunk#533"],
      admits: ignoreConditions,
    },
    {
      id: "gcs-generations",
      says: "The answers to PUT, GET and HEAD of an object bear `x-goog-generation` and `x-goog-metageneration`.",
      source: ["googleapis/storage-testbench#39", "https://cloud.google.com/storage/docs/xml-api/reference-headers"],
      answers: nameGeneration,
    },
    {
      id: "gcs-no-multi-object-delete",
      says: "DeleteObjects is not known: 501 NotImplemented.",
      source: ["supabase/storage#898", "syntasso/kratix#324"],
      admits: (request, operation) => {
        if (operation !== "DeleteObjects") return request;
        const message = "A header or query you provided requested a function that is not implemented.";
        throw s3Error("NotImplemented", { message });
      },
    },
    {
      id: "gcs-opaque-etags",
      says: "The entity tag of an object that was uploaded in parts says nothing about its bytes or its parts.",
      source: ["treeverse/lakeFS#9042", "https://cloud.google.com/storage/docs/hashes-etags"],
      stores: (storage) =>
        changingUploads(storage, (object) => ({
          ...object,
          etag: `C${hash("md5", `${object.etag} ${object.modifiedMs}`, "base64url").slice(0, 10)}AE=`,
        })),
    },
    {
      id: "gcs-own-errors",
      says: "An error document has a code, a message and perhaps details, no id of the request.",
      source: ["s3tools/s3cmd#1222"],
      describes: withDetails,
      sends: { server: "UploadServer" },
    },
  ],
};

/** The same for the same entity tag: nothing here goes by it. */
function nameGeneration(answer: Answer, operation: string): Answer {
  const etag = answer.headers?.["etag"];
  if (etag === undefined || !["PutObject", "GetObject", "HeadObject"].includes(operation)) return answer;
  const generation = String(1.7e15 + (Number.parseInt(hash("md5", etag).slice(0, 11), 16) % 1e14));
  const named = { "x-goog-generation": generation, "x-goog-metageneration": "1" };
  return { ...answer, headers: { ...answer.headers, ...named } };
}

function ignoreConditions(request: IncomingRequest, operation: string): IncomingRequest {
  if (!writes.has(operation)) return request;
  return withoutHeaders(request, (name) => name === "if-match" || name === "if-none-match");
}

function withDetails(elements: readonly ErrorElement[]): readonly ErrorElement[] {
  const [code, message, details] = elements;
  const isDetail = details !== undefined && !["Resource", "RequestId", "HostId"].includes(details[0]);
  return [code, message, ...(isDetail ? [["Details", details[1]] as const] : [])].filter((one) => one !== undefined);
}
