/**
 * GetPublicAccessBlock, PutPublicAccessBlock and DeletePublicAccessBlock. Unlike AWS's since April 2023, new buckets have
 * none: a test that makes a bucket public asks for that with the policy that it puts, and has no account to protect.
 */
import { emptyAnswer, xmlAnswer } from "../answer.ts";
import { receiveText } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import type { PublicAccessBlock } from "../storage/records.ts";
import { childText, readXml, type XmlElement } from "../xml/xml-reader.ts";
import { document, textElement } from "../xml/xml-writer.ts";

const root = "PublicAccessBlockConfiguration";

export const getPublicAccessBlock: Operation = {
  name: "GetPublicAccessBlock",
  async run({ storage, bucket }) {
    const { publicAccessBlock: block } = storage.bucket(bucket);
    if (block === undefined) {
      throw s3Error("NoSuchPublicAccessBlockConfiguration", { details: { BucketName: bucket } });
    }
    return xmlAnswer(
      document(
        root,
        textElement("BlockPublicAcls", block.blockPublicAcls),
        textElement("IgnorePublicAcls", block.ignorePublicAcls),
        textElement("BlockPublicPolicy", block.blockPublicPolicy),
        textElement("RestrictPublicBuckets", block.restrictPublicBuckets),
      ),
    );
  },
};

export const putPublicAccessBlock: Operation = {
  name: "PutPublicAccessBlock",
  async run({ request, caller, storage, bucket }) {
    storage.bucket(bucket);
    const given = readXml(await receiveText(request, caller));
    if (given.name !== root) throw s3Error("MalformedXML");
    const publicAccessBlock: PublicAccessBlock = {
      blockPublicAcls: flag(given, "BlockPublicAcls"),
      ignorePublicAcls: flag(given, "IgnorePublicAcls"),
      blockPublicPolicy: flag(given, "BlockPublicPolicy"),
      restrictPublicBuckets: flag(given, "RestrictPublicBuckets"),
    };
    await storage.reviseBucket(bucket, (record) => ({ ...record, publicAccessBlock }));
    return emptyAnswer(200);
  },
};

export const deletePublicAccessBlock: Operation = {
  name: "DeletePublicAccessBlock",
  async run({ storage, bucket }) {
    await storage.reviseBucket(bucket, ({ publicAccessBlock: _, ...rest }) => rest);
    return emptyAnswer(204);
  },
};

/** What is left out is false. */
function flag(element: XmlElement, name: string): boolean {
  const text = childText(element, name)?.trim().toLowerCase() ?? "false";
  if (text !== "true" && text !== "false") throw s3Error("MalformedXML");
  return text === "true";
}
