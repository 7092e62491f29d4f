/** Ceph's RADOS Gateway as Debian 12 and many clouds run it: older than checksums, and with an ear of its own for If-Match. */
import { S3Error, s3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { withHeader, withoutHeaders, withoutParameter } from "../request/rewrite-request.ts";
import type { ErrorElement, Personality } from "./personality.ts";
import { withXml } from "./rewrite-answer.ts";
import { verifySignatureV2 } from "./signature-v2.ts";
import { unconditionalDeletions } from "./unconditional-deletions.ts";
import { ignoresChecksums } from "./without-checksums.ts";

export const ceph: Personality = {
  name: "ceph",
  title: "Ceph Object Gateway (radosgw)",
  as: "16.2 (Pacific)",
  behaviours: [
    {
      id: "ceph-signature-v2",
      says: "Signature Version 2 is accepted, in a header and in a URL.",
      source: ["https://docs.ceph.com/en/pacific/radosgw/s3/authentication/"],
      authenticates: verifySignatureV2,
    },
    {
      id: "ceph-unquoted-if-match",
      says: "`If-Match` on a PUT matches only an entity tag without its quotes; with them, as HTTP has it, the answer is 412.",
      source: ["block/buzz#3002", "slatedb/slatedb#1818"],
      admits: (request, operation) => {
        const ifMatch = request.header("if-match");
        // In a second pair of quotes every character of it counts.
        if (ifMatch === undefined || ifMatch === "*" || operation !== "PutObject") return request;
        return withHeader(request, "if-match", `"${ifMatch}"`);
      },
    },
    {
      id: "ceph-if-match-of-nothing",
      says: "`If-Match` on a PUT where there is no object answers 412 PreconditionFailed, not NoSuchKey.",
      source: ["https://github.com/ceph/s3-tests/blob/ceph-pacific/s3tests_boto3/functional/test_s3.py"],
      refuses: (error, operation) =>
        operation === "PutObject" && error.code === "NoSuchKey" ? s3Error("PreconditionFailed") : error,
    },
    {
      id: "ceph-unconditional-completions",
      says: "The completion of an upload takes no notice of `If-Match` and `If-None-Match`: the object is replaced.",
      source: ["ceph/s3-tests#682", "ceph/ceph#64830"],
      admits: (request, operation) =>
        operation === "CompleteMultipartUpload"
          ? withoutHeaders(request, (name) => name === "if-match" || name === "if-none-match")
          : request,
    },
    {
      id: "ceph-unconditional-copies",
      says: "A copy takes no notice of `x-amz-copy-source-if-match`: whatever the source is now is copied.",
      source: ["ceph/ceph#30866", "https://tracker.ceph.com/issues/40808"],
      admits: (request) => withoutHeaders(request, (name) => name === "x-amz-copy-source-if-match"),
    },
    {
      id: "ceph-completion-of-nothing",
      says: "The completion of an upload that is not there answers 500 InternalError.",
      source: ["ceph/s3-tests#728", "https://tracker.ceph.com/issues/75534"],
      refuses: (error, operation) =>
        operation === "CompleteMultipartUpload" && error.code === "NoSuchUpload"
          ? new S3Error("InternalError", 500, "This multipart completion is already in progress")
          : error,
    },
    {
      id: "ceph-unconditional-deletions",
      says: "DELETE takes no notice of `If-Match`, nor DeleteObjects of an `ETag`: whatever is there is deleted.",
      source: ["ceph/ceph#63348"],
      stores: unconditionalDeletions,
    },
    {
      id: "ceph-empty-complete-etag",
      says: "The answer to a completed upload has an empty `<ETag>`; only HEAD tells it.",
      source: ["ceph/ceph#51446", "https://tracker.ceph.com/issues/58879"],
      answers: (answer, operation) =>
        operation === "CompleteMultipartUpload"
          ? withXml(answer, (xml) => xml.replace(/<ETag>[^<]*<\/ETag>/, "<ETag></ETag>"))
          : answer,
    },
    {
      id: "ceph-no-checksums",
      says: "Headers of checksums are not read, nothing is verified by them, and none is kept or given back.",
      source: ["ceph/ceph#55076", "https://tracker.ceph.com/issues/42080"],
      ...ignoresChecksums,
    },
    {
      id: "ceph-unprotected-deletions",
      says: "DeleteObjects wants neither Content-MD5 nor a checksum.",
      source: ["ceph/ceph#55076"],
      allows: "unprotected-documents",
    },
    {
      id: "ceph-no-trailers",
      says: "A body with trailers is refused: 400 XAmzContentSHA256Mismatch, and 411 MissingContentLength where it comes without its length.",
      source: ["fleetdm/fleet#47850"],
      arrives: refuseTrailers,
    },
    {
      id: "ceph-no-part-reads",
      says: "GET and HEAD take no notice of `partNumber`: the answer is the whole object.",
      source: ["ceph/ceph#49986", "https://tracker.ceph.com/issues/58750"],
      admits: (request, operation) =>
        operation === "GetObject" || operation === "HeadObject" ? withoutParameter(request, "partNumber") : request,
    },
    {
      id: "ceph-unknown-upload",
      says: "ListParts of an upload that is not there answers NoSuchKey.",
      source: ["seaweedfs/seaweedfs#11081"],
      refuses: (error, operation) =>
        operation === "ListParts" && error.code === "NoSuchUpload"
          ? new S3Error("NoSuchKey", 404, error.message)
          : error,
    },
    {
      id: "ceph-errors-without-message",
      says: "An error document says nothing in words: its message is empty beside a code, the bucket's name and two ids.",
      source: ["minio/minio-go#563", "fleetdm/fleet#47850"],
      describes: withoutMessage,
    },
  ],
};

function refuseTrailers(request: IncomingRequest): IncomingRequest {
  const hash = request.header("x-amz-content-sha256") ?? "";
  if (!hash.endsWith("-TRAILER")) return request;
  if (request.header("content-length") === undefined) throw new S3Error("MissingContentLength", 411, "");
  throw new S3Error("XAmzContentSHA256Mismatch", 400, "");
}

function withoutMessage(elements: readonly ErrorElement[], request: IncomingRequest): readonly ErrorElement[] {
  const { bucket } = request.target;
  const text = (wanted: string) => elements.find(([name]) => name === wanted)?.[1] ?? "";
  // The one refusal of which it says more.
  const message = text("Code") === "InternalError" ? text("Message") : "";
  const named: readonly ErrorElement[] = bucket === "" ? [] : [["BucketName", bucket]];
  const ids = (["RequestId", "HostId"] as const).map((name) => [name, text(name)] as const);
  return [["Code", text("Code")], ["Message", message], ...named, ...ids];
}
