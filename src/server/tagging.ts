/** An object's tags: from a header, and as a document. */
import { s3Error } from "./errors.ts";
import { decodeQueryPart } from "./percent.ts";
import { document, element, textElement, type Xml } from "./xml-writer.ts";

export type Tags = Readonly<Record<string, string>>;

const mostTags = 10;
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

function checkedTags(pairs: readonly (readonly [string, string])[]): Tags | undefined {
  if (pairs.length > mostTags) throw s3Error("BadRequest", { message: "Object tags cannot be greater than 10" });
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
