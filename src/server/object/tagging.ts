/** The tags of an object or a bucket: from a header, from a document, and as a document. */
import { type S3Error, s3Error } from "../errors.ts";
import { decodeQueryPart } from "../request/percent.ts";
import { childText, readXml, type XmlElement } from "../xml/xml-reader.ts";
import { document, element, textElement, type Xml } from "../xml/xml-writer.ts";

export type Tags = Readonly<Record<string, string>>;

type Pairs = readonly (readonly [name: string, value: string])[];

/** How many of them there may be, and what S3 says when there are more. */
export interface TagLimit {
  readonly most: number;
  readonly message: string;
}

const ofObjects: TagLimit = { most: 10, message: "Object tags cannot be greater than 10" };
export const tagsOfBuckets: TagLimit = { most: 50, message: "Bucket tag count cannot be greater than 50" };
/** What S3 allows in names and values. */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** From `x-amz-tagging`, which is written like a query. Errors: BadRequest, InvalidArgument, InvalidTag. */
export function parseTagging(header: string | undefined): Tags | undefined {
  if (header === undefined || header === "") return undefined;
  const pairs = header
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair): [string, string] => {
      const [name = "", value = "", ...more] = pair.split("=");
      if (name === "" || more.length > 0) throw malformedHeader(header);
      try {
        return [decodeQueryPart(name), decodeQueryPart(value)];
      } catch {
        throw malformedHeader(header);
      }
    });
  if (repeated(pairs) !== undefined) throw malformedHeader(header);
  return checkedTags(pairs);
}

/** From the document of PutObjectTagging or PutBucketTagging. Errors: MalformedXML, BadRequest, InvalidTag. */
export function readTagging(text: string, limit: TagLimit = ofObjects): Tags | undefined {
  const root = readXml(text);
  const [set, ...others] = root.children;
  if (root.name !== "Tagging" || set?.name !== "TagSet" || others.length > 0) throw s3Error("MalformedXML");
  return readTags(set.children, limit);
}

/** From the elements of a set. Errors: MalformedXML, BadRequest, InvalidTag. */
export function readTags(elements: readonly XmlElement[], limit: TagLimit): Tags | undefined {
  return checkedTags(elements.map(readTag), limit);
}

/** The answer about them. */
export function taggingDocument(tags: Tags = {}): Xml {
  const all = Object.entries(tags).map(([name, value]) =>
    element("Tag", textElement("Key", name), textElement("Value", value)),
  );
  return document("Tagging", element("TagSet", ...all));
}

function readTag(tag: XmlElement): [string, string] {
  const [key, value] = [childText(tag, "Key"), childText(tag, "Value")];
  if (tag.name !== "Tag" || tag.children.length !== 2 || key === undefined || value === undefined) {
    throw s3Error("MalformedXML");
  }
  return [key, value];
}

function checkedTags(pairs: Pairs, limit: TagLimit = ofObjects): Tags | undefined {
  if (pairs.length > limit.most) throw s3Error("BadRequest", { message: limit.message });
  const twice = repeated(pairs);
  if (twice !== undefined) throw invalidTag("Cannot provide multiple Tags with the same key", { TagKey: twice });
  for (const [name, value] of pairs) {
    if (/^aws:/i.test(name)) throw invalidTag("Your TagKey cannot be prefixed with aws:", { TagKey: name });
    if (name === "" || name.length > 128 || !allowed.test(name)) {
      throw invalidTag("The TagKey you have provided is invalid", { TagKey: name });
    }
    if (value.length > 256 || !allowed.test(value)) {
      throw invalidTag("The TagValue you have provided is invalid", { TagKey: name, TagValue: value });
    }
  }
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function repeated(pairs: Pairs): string | undefined {
  return pairs.find(([name], index) => pairs.findIndex(([known]) => known === name) < index)?.[0];
}

function invalidTag(message: string, details: Readonly<Record<string, string>>): S3Error {
  return s3Error("InvalidTag", { message, details });
}

function malformedHeader(header: string): S3Error {
  return s3Error("InvalidArgument", {
    message:
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    details: { ArgumentName: "x-amz-tagging", ArgumentValue: header },
  });
}
