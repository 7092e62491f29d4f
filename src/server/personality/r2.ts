/** Cloudflare R2: no tags, no signed chunks, parts of one length. */
import { claimedScope } from "../auth/scope.ts";
import { S3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { withoutHeaders } from "../request/rewrite-request.ts";
import type { ObjectRecord } from "../storage/records.ts";
import { changingUploads } from "./changing-uploads.ts";
import type { Personality } from "./personality.ts";

const compatibility = "https://developers.cloudflare.com/r2/api/s3/api/";

const regions = ["wnam", "enam", "weur", "eeur", "apac", "oc", "auto"] as const;
const known: ReadonlySet<string> = new Set([...regions, "us-east-1", ""]);

const refusedHeaders: ReadonlySet<string> = new Set([
  ..."x-amz-tagging x-amz-tagging-directive x-amz-website-redirect-location".split(" "),
  ..."x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id".split(" "),
  ..."x-amz-server-side-encryption-context x-amz-server-side-encryption-bucket-key-enabled".split(" "),
  ..."x-amz-object-lock-mode x-amz-object-lock-retain-until-date x-amz-object-lock-legal-hold".split(" "),
]);

const unofferedOperations: ReadonlySet<string> = new Set([
  ..."GetBucketAcl GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus".split(" "),
  ..."PutBucketOwnershipControls PutBucketPolicy PutBucketTagging PutBucketVersioning PutPublicAccessBlock".split(" "),
]);

export const r2: Personality = {
  name: "r2",
  title: "Cloudflare R2",
  as: "2026",
  behaviours: [
    {
      id: "r2-region-auto",
      says: "The region is `auto`; `us-east-1` and none stand for it, and a signature for any other is refused: 400 InvalidRegionName.",
      source: [`${compatibility}#bucket-region`, "jeessy2/backup-x#127"],
      arrives: refuseRegions,
    },
    {
      id: "r2-no-signed-chunks",
      says: "Bodies in signed chunks, with trailers or without, are refused: 501 NotImplemented.",
      source: ["soto-project/soto#643", "dotnet/dotnet-monitor#9768"],
      arrives: (request) => {
        const hash = request.header("x-amz-content-sha256") ?? "";
        if (hash.startsWith("STREAMING-AWS4-")) throw notImplemented(hash);
        return request;
      },
    },
    {
      id: "r2-refused-headers",
      says: "A header of tagging, of server-side encryption with the store's keys, of object lock or of websites is refused by name: 501 NotImplemented.",
      source: [`${compatibility}#object-level-operations`, "jhaals/yopass#3657", "openwatersio/seascape#11"],
      admits: (request) => {
        const name = request.headerNames().find((one) => refusedHeaders.has(one));
        if (name !== undefined) throw notImplemented(`Header '${name}' with value '${request.header(name)}'`);
        return request;
      },
    },
    {
      id: "r2-no-tagging",
      says: "The operations on an object's tags are refused by name: 501 NotImplemented.",
      source: [`${compatibility}#unimplemented-object-level-operations`, "jhaals/yopass#3657"],
      admits: (request, operation) => {
        if (operation.endsWith("ObjectTagging")) throw notImplemented(operation);
        return request;
      },
    },
    {
      id: "r2-no-bucket-settings",
      says: "A bucket has no policy, no tags, no versions and no controls of access: what sets them is refused by name, 501 NotImplemented.",
      source: [`${compatibility}#unimplemented-bucket-level-operations`],
      admits: (request, operation) => {
        if (unofferedOperations.has(operation)) throw notImplemented(operation);
        return request;
      },
    },
    {
      id: "r2-head-without-range",
      says: "HEAD takes no notice of `Range`: it tells the whole length.",
      source: [`${compatibility}#object-level-operations`],
      admits: (request, operation) =>
        operation === "HeadObject" ? withoutHeaders(request, (name) => name === "range") : request,
    },
    {
      id: "r2-equal-parts",
      says: "All parts but the last have one length, and the last is no longer: otherwise the completion is refused, 400 InvalidPart.",
      source: [
        "https://developers.cloudflare.com/r2/objects/multipart-objects/#limitations",
        "apache/opendal#2904",
        "cloudflare/cloudflare-docs#9549",
      ],
      stores: (storage) => changingUploads(storage, requireEqualParts),
    },
    {
      id: "r2-parts-in-any-order",
      says: "A completion may name the parts in any order; they are sorted.",
      source: ["https://developers.cloudflare.com/r2/reference/changelog/"],
      allows: "parts-in-any-order",
    },
    {
      id: "r2-full-object-crc64",
      says: "Only CRC64NVME can be a checksum over the whole of an upload in parts; the other algorithms are composite.",
      source: [`${compatibility}#checksum-types`, "bitfoundation/bitplatform#13363"],
      admits: (request, operation) => {
        const algorithm = request.header("x-amz-checksum-algorithm")?.toUpperCase();
        const type = request.header("x-amz-checksum-type")?.toUpperCase();
        if (operation === "CreateMultipartUpload" && type === "FULL_OBJECT" && algorithm !== "CRC64NVME") {
          throw notImplemented("Header 'x-amz-checksum-type' with value 'FULL_OBJECT'");
        }
        return request;
      },
    },
    {
      id: "r2-short-errors",
      says: "An error document has a code and a message and nothing else, no id of the request.",
      source: ["apache/opendal#2904"],
      describes: (elements) => elements.slice(0, 2),
      sends: { server: "cloudflare" },
    },
  ],
};

function refuseRegions(request: IncomingRequest): IncomingRequest {
  const scope = claimedScope(request);
  if (scope === undefined || known.has(scope.region)) return request;
  const message = `The region name '${scope.region}' is not valid. Must be one of: ${regions.join(", ")}`;
  throw new S3Error("InvalidRegionName", 400, message);
}

function requireEqualParts(object: ObjectRecord): ObjectRecord {
  const sizes = object.parts?.map(({ sizeBytes }) => sizeBytes) ?? [];
  const [first = 0] = sizes;
  const fits = sizes.every((size, index) => (index === sizes.length - 1 ? size <= first : size === first));
  if (fits) return object;
  throw new S3Error("InvalidPart", 400, "All non-trailing parts must have the same length.");
}

function notImplemented(what: string): S3Error {
  return new S3Error("NotImplemented", 501, `${what} not implemented`);
}
