/** The listing of a store that does not look behind a full page: it promises another one, which is empty. */
import type { Answer } from "../answer.ts";
import { formatToken } from "../listing/continuation-token.ts";
import { decodeQueryPart } from "../request/percent.ts";
import { readXml } from "../xml/xml-reader.ts";
import { textElement } from "../xml/xml-writer.ts";
import { withXml } from "./rewrite-answer.ts";

/** Of ListObjectsV2. A page with common prefixes stays as it is. */
export function promisingMore(answer: Answer): Answer {
  return withXml(answer, (xml) => {
    const { children } = readXml(xml);
    const text = (wanted: string) => children.find(({ name }) => name === wanted)?.text;
    const objects = children.filter(({ name }) => name === "Contents");
    const last = objects.at(-1)?.children.find(({ name }) => name === "Key")?.text;
    const isFull = objects.length === Number(text("MaxKeys"));
    if (last === undefined || !isFull || text("IsTruncated") === "true" || xml.includes("<CommonPrefixes>")) return xml;
    const key = text("EncodingType") === "url" ? decodeQueryPart(last) : last;
    const more = `<IsTruncated>true</IsTruncated>${textElement("NextContinuationToken", formatToken({ key }))}`;
    return xml.replace("<IsTruncated>false</IsTruncated>", more);
  });
}
