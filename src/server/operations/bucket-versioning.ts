/** GetBucketVersioning and PutBucketVersioning: once on, a bucket can stop to keep versions, but not unlearn them. */
import { emptyAnswer, xmlAnswer } from "../answer.ts";
import { receiveText } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import type { VersioningState } from "../storage/records.ts";
import { childText, readXml } from "../xml/xml-reader.ts";
import { document, textElement } from "../xml/xml-writer.ts";

export const getBucketVersioning: Operation = {
  name: "GetBucketVersioning",
  async run({ storage, bucket }) {
    const { versioning } = storage.bucket(bucket);
    return xmlAnswer(document("VersioningConfiguration", textElement("Status", versioning)));
  },
};

export const putBucketVersioning: Operation = {
  name: "PutBucketVersioning",
  async run({ request, caller, storage, bucket }) {
    storage.bucket(bucket);
    const versioning = readState(await receiveText(request, caller));
    await storage.reviseBucket(bucket, (record) => ({ ...record, versioning }));
    return emptyAnswer(200);
  },
};

/** Errors: MissingRequestBodyError, MalformedXML, IllegalVersioningConfigurationException, AccessDenied. */
function readState(text: string): VersioningState {
  if (text.trim() === "") throw s3Error("MissingRequestBodyError");
  const root = readXml(text);
  const [status, mfaDelete] = [childText(root, "Status"), childText(root, "MfaDelete") ?? "Disabled"];
  const isKnown = root.children.every(({ name }) => name === "Status" || name === "MfaDelete");
  if (root.name !== "VersioningConfiguration" || !isKnown || !/^(?:Enabled|Disabled)$/.test(mfaDelete)) {
    throw s3Error("MalformedXML");
  }
  if (status === undefined) throw s3Error("IllegalVersioningConfigurationException");
  if (status !== "Enabled" && status !== "Suspended") throw s3Error("MalformedXML");
  if (mfaDelete === "Enabled") {
    throw s3Error("AccessDenied", { message: "Mfa Authentication must be used for this request" });
  }
  return status;
}
