/** CreateBucket. An existing one is always refused: us-east-1's lenience would hide a mistake. */

import { emptyAnswer } from "../answer.ts";
import { receiveText } from "../body/payload.ts";
import { requireBucketName } from "../bucket-name.ts";
import { s3Error } from "../errors.ts";
import { namesGrants } from "../object/object-settings.ts";
import { readTags, type Tags, tagsOfBuckets } from "../object/tagging.ts";
import type { Operation } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { childText, readXml, type XmlElement } from "../xml/xml-reader.ts";
import { enforced, isObjectOwnership } from "./ownership-controls.ts";

export const createBucket: Operation = {
  name: "CreateBucket",
  async run({ request, caller, storage, bucket, region }) {
    requireBucketName(bucket);
    refuseUnsupported(request);
    const text = await receiveText(request, caller);
    const { constraint, tags } = text.trim() === "" ? none : readConfiguration(text);
    requireHere(constraint, request.target.region);
    const record = { name: bucket, region: constraint ?? region, createdMs: request.nowMs };
    await storage.createBucket(tags === undefined ? record : { ...record, tags });
    return emptyAnswer(200, { location: `/${bucket}` });
  },
};

/** What would otherwise be silently left undone. Errors: InvalidBucketAclWithObjectOwnership, InvalidArgument, NotImplemented. */
function refuseUnsupported(request: IncomingRequest): void {
  const ownership = request.header("x-amz-object-ownership") ?? enforced;
  if (!isObjectOwnership(ownership)) {
    throw s3Error("InvalidArgument", {
      message: `Invalid x-amz-object-ownership header: ${ownership}`,
      details: { ArgumentName: "x-amz-object-ownership", ArgumentValue: ownership },
    });
  }
  if (ownership !== enforced) throw s3Error("NotImplemented", { details: { Header: "x-amz-object-ownership" } });
  if (request.header("x-amz-bucket-object-lock-enabled")?.toLowerCase() === "true") {
    throw s3Error("NotImplemented", { details: { Header: "x-amz-bucket-object-lock-enabled" } });
  }
  const acl = request.header("x-amz-acl") ?? "private";
  if (namesGrants(request) || acl !== "private") throw s3Error("InvalidBucketAclWithObjectOwnership");
}

/** The endpoint of one region makes buckets there only; that of us-east-1, and one that names none, anywhere. */
function requireHere(constraint: string | undefined, endpoint: string | undefined): void {
  if (endpoint === undefined || endpoint === "us-east-1" || constraint === endpoint) return;
  throw s3Error("IllegalLocationConstraintException", {
    message: `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  });
}

interface Configuration {
  readonly constraint: string | undefined;
  readonly tags: Tags | undefined;
}

const none: Configuration = { constraint: undefined, tags: undefined };

/** Errors: MalformedXML, InvalidLocationConstraint, InvalidTag, BadRequest. */
function readConfiguration(text: string): Configuration {
  const root = readXml(text);
  if (root.name !== "CreateBucketConfiguration") throw s3Error("MalformedXML");
  const tags = root.children.find(({ name }) => name === "Tags")?.children;
  return {
    constraint: locationConstraint(root),
    tags: tags === undefined ? undefined : readTags(tags, tagsOfBuckets),
  };
}

function locationConstraint(root: XmlElement): string | undefined {
  const constraint = childText(root, "LocationConstraint");
  if (constraint === undefined || constraint === "") return undefined;
  // That region is named by naming none.
  if (constraint !== "us-east-1" && /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(constraint)) return constraint;
  if (constraint === "EU") return "eu-west-1";
  throw s3Error("InvalidLocationConstraint", { details: { LocationConstraint: constraint } });
}
