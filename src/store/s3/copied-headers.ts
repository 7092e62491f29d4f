/**
 * What a copy says of the object that it makes: the headers that describe it, which stand for each other all together, and those
 * beside them, its storage class and its tags.
 */
import type { ResponseHeaders } from "../../net/index.ts";
import type { RequestOptions } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { markHeader } from "./own-write.ts";
import { callS3, objectUri } from "./s3-calls.ts";
import { readXml } from "./xml.ts";

type Headers = Readonly<Record<string, string>>;

/** Stored and given back as they are. */
const descriptive: ReadonlySet<string> = new Set([
  "content-type",
  "content-encoding",
  "content-language",
  "content-disposition",
  "cache-control",
  "expires",
]);

/** Where they are is what they mean: an archive would take the copy away at once, the others are kinds of buckets. */
const stayBehind: ReadonlySet<string> = new Set([
  "STANDARD",
  "GLACIER",
  "DEEP_ARCHIVE",
  "EXPRESS_ONEZONE",
  "OUTPOSTS",
  "SNOW",
]);

/** The headers of a caller in two: what replaces the description as a whole, and what is said beside it. */
export function splitHeaders(headers: Headers): { readonly description: Headers; readonly beside: Headers } {
  const description: Record<string, string> = {};
  const beside: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) (isDescriptive(name) ? description : beside)[name] = value;
  return { description, beside };
}

/** The description of an object, from the answer to its HEAD. */
export function descriptionOf(head: ResponseHeaders): Headers {
  const description: Record<string, string> = {};
  for (const [name, value] of Object.entries(head)) if (isDescriptive(name)) description[name] = value;
  return description;
}

/** The storage class of an object, to be asked for again. S3 itself puts each copy that names none into the usual one. */
export function storageClassOf(head: ResponseHeaders): Headers {
  const name = head["x-amz-storage-class"];
  return name === undefined || stayBehind.has(name) ? {} : { "x-amz-storage-class": name };
}

/** The tags of an object whose HEAD counts some. Errors: forbidden, for who may read the object and not its tags. */
export async function tagsOf(
  context: BucketContext,
  key: string,
  versionId: string | undefined,
  head: ResponseHeaders,
  options: RequestOptions,
): Promise<Headers> {
  if (!(Number(head["x-amz-tagging-count"] ?? 0) > 0)) return {};
  const { bucket } = context;
  const uri = objectUri(bucket, key, versionId);
  const query = encodeQuery({ tagging: "", versionId });
  const { body } = await callS3(context, { method: "GET", bucket, key, query, uri }, options);
  const tags: Record<string, string> = Object.create(null);
  let name = "";
  let value = "";
  readXml(body, {
    close(element, text) {
      if (element === "Key") name = text;
      else if (element === "Value") value = text;
      else if (element === "Tag") tags[name] = value;
    },
  });
  return { "x-amz-tagging": encodeQuery(tags) };
}

function isDescriptive(name: string): boolean {
  return descriptive.has(name) || (name.startsWith("x-amz-meta-") && name !== markHeader);
}
