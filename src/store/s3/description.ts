/** What a caller says about an object, as the headers that S3 keeps with it. */
import { metadataPairs } from "../metadata.ts";
import type { WriteOptions } from "../object-store.ts";
import { encodeWords } from "../remote/encoded-words.ts";
import { encodeQuery } from "./encode.ts";

/** S3 keeps no more tags than these with an object. */
const mostTags = 10;

/** The headers. Errors: TypeError for a name or text that HTTP cannot carry, RangeError for too many tags. */
export function descriptionHeaders(options: WriteOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, header] of plainHeaders) {
    const value = options[name];
    if (value !== undefined) headers[header] = headerText(name, value);
  }
  for (const [name, value] of metadataPairs(options.metadata)) headers[`x-amz-meta-${name}`] = encodeWords(value);
  const tagging = taggingOf(options.tags);
  if (tagging !== "") headers["x-amz-tagging"] = tagging;
  return headers;
}

const plainHeaders = [
  ["contentType", "content-type"],
  ["contentEncoding", "content-encoding"],
  ["contentLanguage", "content-language"],
  ["contentDisposition", "content-disposition"],
  ["cacheControl", "cache-control"],
  ["storageClass", "x-amz-storage-class"],
] as const;

/** Tags in the form of a query, as `x-amz-tagging` wants them; empty for none. */
function taggingOf(tags: WriteOptions["tags"]): string {
  const named = Object.entries(tags ?? {});
  if (named.length > mostTags) throw new RangeError(`an object has at most ${mostTags} tags, not ${named.length}`);
  return encodeQuery(Object.fromEntries(named));
}

function headerText(name: string, value: string): string {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  throw new TypeError(`${name} is ${JSON.stringify(value)}, which no header can hold`);
}
