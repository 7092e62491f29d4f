/** GetBucketOwnershipControls and PutBucketOwnershipControls: here the bucket's owner owns all objects, for good. */
import { emptyAnswer, xmlAnswer } from "../answer.ts";
import { receiveText } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { childText, readXml } from "../xml/xml-reader.ts";
import { document, element, textElement } from "../xml/xml-writer.ts";

/** The one that there is. */
export const enforced = "BucketOwnerEnforced";

/** Whether S3 has it. */
export function isObjectOwnership(name: string): boolean {
  return name === enforced || name === "BucketOwnerPreferred" || name === "ObjectWriter";
}

export const getBucketOwnershipControls: Operation = {
  name: "GetBucketOwnershipControls",
  async run({ storage, bucket }) {
    storage.bucket(bucket);
    return xmlAnswer(document("OwnershipControls", element("Rule", textElement("ObjectOwnership", enforced))));
  },
};

export const putBucketOwnershipControls: Operation = {
  name: "PutBucketOwnershipControls",
  async run({ request, caller, storage, bucket }) {
    storage.bucket(bucket);
    const root = readXml(await receiveText(request, caller));
    const rules = root.children.filter(({ name }) => name === "Rule");
    const [rule] = rules;
    if (root.name !== "OwnershipControls" || rule === undefined || rules.length > 1) throw s3Error("MalformedXML");
    const ownership = childText(rule, "ObjectOwnership")?.trim() ?? "";
    if (!isObjectOwnership(ownership)) throw s3Error("MalformedXML");
    if (ownership === enforced) return emptyAnswer(200);
    throw s3Error("NotImplemented", {
      message: `This server does not offer ObjectOwnership ${ownership}: it has no access control lists`,
      details: { ObjectOwnership: ownership },
    });
  },
};
