/**
 * GetBucketAcl, GetObjectAcl, PutBucketAcl and PutObjectAcl where the bucket's owner owns everything, which is the default
 * of AWS's buckets: there is one list, and whoever asks for another is told that there are none ("Controlling ownership of
 * objects and disabling ACLs").
 */

import { emptyAnswer, xmlAnswer } from "../answer.ts";
import { receiveText } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import { namesGrants } from "../object/object-settings.ts";
import { openVersion, readVersionId } from "../object/versions.ts";
import { type Call, type Operation, owner } from "../operation.ts";
import { personElement, personParts } from "../person.ts";
import { readXml, type XmlElement } from "../xml/xml-reader.ts";
import { document, element, textElement, type Xml } from "../xml/xml-writer.ts";

const ownersOwn: ReadonlySet<string> = new Set(["private", "bucket-owner-full-control"]);

export const getBucketAcl: Operation = {
  name: "GetBucketAcl",
  async run({ storage, bucket }) {
    storage.bucket(bucket);
    return xmlAnswer(ownersList());
  },
};

export const getObjectAcl: Operation = {
  name: "GetObjectAcl",
  async run(call) {
    requireObject(call);
    return xmlAnswer(ownersList());
  },
};

export const putBucketAcl: Operation = {
  name: "PutBucketAcl",
  async run(call) {
    call.storage.bucket(call.bucket);
    await requireOwnersList(call);
    return emptyAnswer(200);
  },
};

export const putObjectAcl: Operation = {
  name: "PutObjectAcl",
  async run(call) {
    requireObject(call);
    await requireOwnersList(call);
    return emptyAnswer(200);
  },
};

function ownersList(): Xml {
  // Clients tell persons from groups by this attribute.
  const type = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"';
  const grantee = `<Grantee ${type}>${personParts.join("")}</Grantee>`;
  return document(
    "AccessControlPolicy",
    personElement("Owner"),
    element("AccessControlList", element("Grant", grantee, textElement("Permission", "FULL_CONTROL"))),
  );
}

/** Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed. */
function requireObject(call: Call): void {
  openVersion(call, readVersionId(call.query.get("versionId"))).release();
}

/** The one that is there already. Errors: AccessControlListNotSupported, InvalidArgument, MalformedXML. */
async function requireOwnersList({ request, caller }: Call): Promise<void> {
  const text = await receiveText(request, caller);
  const canned = request.header("x-amz-acl");
  if (namesGrants(request)) throw s3Error("AccessControlListNotSupported");
  if (canned !== undefined) {
    if (ownersOwn.has(canned)) return;
    throw s3Error("AccessControlListNotSupported");
  }
  if (text.trim() === "") throw s3Error("MissingSecurityHeader", { details: { MissingHeaderName: "x-amz-acl" } });
  const root = readXml(text);
  if (root.name !== "AccessControlPolicy") throw s3Error("MalformedXML");
  const grants = root.children.filter(({ name }) => name === "AccessControlList").flatMap(({ children }) => children);
  if (!grants.every(isOwners)) throw s3Error("AccessControlListNotSupported");
}

function isOwners(grant: XmlElement): boolean {
  const grantee = grant.children.find(({ name }) => name === "Grantee");
  const id = grantee?.children.find(({ name }) => name === "ID")?.text.trim();
  return id === owner.id && grant.children.find(({ name }) => name === "Permission")?.text.trim() === "FULL_CONTROL";
}
