/** An object's tags: from a header, and as a document. */
import { s3Error } from "./errors.ts";
import { decodeQueryPart } from "./percent.ts";
import { childText, readXml } from "./xml-reader.ts";
import { document, element, textElement, type Xml } from "./xml-writer.ts";

export type Tags = Readonly<Record<string, string>>;

/** How many of them there may be, and what S3 says when there are more. */
export interface TagLimit {
  readonly most: number;
  readonly message: string;
}

const ofObjects: TagLimit = { most: 10, message: "Object tags cannot be greater than 10" };
export const tagsOfBuckets: TagLimit = { most: 50, message: "Bucket tag count cannot be greater than 50" };
/** What S3 allows in names and values. */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** From `x-amz-tagging`, which is written like a query. Errors: BadRequest, InvalidTag. */
export function parseTagging(header: string | undefined): Tags | undefined {
  if (header === undefined || header === "") return undefined;
  const pairs = header.split("&").map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    const [name, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
    return [decodeQueryPart(name), decodeQueryPart(value)];
  });
  return checkedTags(pairs);
}

/** The answer about them. */
export function taggingDocument(tags: Tags = {}): Xml {
  const all = Object.entries(tags).map(([name, value]) =>
    element("Tag", textElement("Key", name), textElement("Value", value)),
  );
  return document("Tagging", element("TagSet", ...all));
}

/** From a document. Errors: MalformedXML, BadRequest, InvalidTag. */
export function readTagging(text: string, limit: TagLimit = ofObjects): Tags | undefined {
  const root = readXml(text);
  const [set, ...others] = root.children.filter(({ name }) => name === "TagSet");
  if (root.name !== "Tagging" || set === undefined || others.length > 0) throw s3Error("MalformedXML");
  const pairs = set.children.map((tag): [string, string] => {
    const [key, value] = [childText(tag, "Key"), childText(tag, "Value")];
    if (tag.name !== "Tag" || key === undefined || value === undefined) throw s3Error("MalformedXML");
    return [key, value];
  });
  return checkedTags(pairs, limit);
}

function checkedTags(pairs: readonly (readonly [string, string])[], limit = ofObjects): Tags | undefined {
  if (pairs.length > limit.most) throw s3Error("BadRequest", { message: limit.message });
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) {
    throw s3Error("InvalidTag", { message: "Cannot provide multiple Tags with the same key" });
  }
  for (const [name, value] of pairs) {
    if (name === "" || name.length > 128 || !allowed.test(name))
      throw s3Error("InvalidTag", { message: "The TagKey you have provided is invalid" });
    if (value.length > 256 || !allowed.test(value))
      throw s3Error("InvalidTag", { message: "The TagValue you have provided is invalid" });
  }
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
