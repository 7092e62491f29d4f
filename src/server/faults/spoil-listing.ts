/** Listings that are wrong as documents: pages that repeat, lose, double or disorder their keys. Works on the finished XML. */
import { formatToken, parseToken } from "../listing/continuation-token.ts";
import type { Position } from "../listing/listing.ts";
import type { Query } from "../request/query.ts";
import { element, textElement } from "../xml/xml-writer.ts";
import type { ListingFault } from "./fault.ts";

const entries = /<Contents>.*?<\/Contents>/gs;

/** `xml` is what ListObjectsV2 or ListObjects answered to `query`. */
export function spoilListing(xml: string, fault: ListingFault, query: Query): string {
  const listed = xml.match(entries) ?? [];
  const last = listed.at(-1);
  switch (fault) {
    case "loop":
      return goingOn(xml, query);
    case "no-token":
      return without(without(withText(xml, "IsTruncated", "true"), "NextContinuationToken"), "NextMarker");
    case "missing-key":
      return last === undefined ? xml : withEntries(xml, listed.slice(0, -1));
    case "duplicate-key": {
      if (last === undefined) return xml;
      if (!xml.includes("<IsTruncated>true<") || !isV2(query)) return withEntries(xml, [...listed, last]);
      const before = listed.at(-2);
      return goingOn(xml, query, before === undefined ? undefined : { key: keyOf(before, query) });
    }
    case "wrong-order":
      return withEntries(xml, listed.toReversed());
    case "empty-page": {
      const emptied = withEntries(xml.replace(/<CommonPrefixes>.*?<\/CommonPrefixes>/gs, ""), []);
      return goingOn(emptied, query, "next");
    }
    case "stray-key": {
      const stray = textElement("Key", `!stray-${(query.get("prefix") ?? "").replace(/[^a-z]/g, "")}`);
      const model = last ?? element("Contents", textElement("Key", ""), textElement("Size", 0));
      return withEntries(xml, [model.replace(/<Key>.*?<\/Key>/s, stray), ...listed]);
    }
  }
}

function isV2(query: Query): boolean {
  return query.get("list-type") === "2";
}

/** Says that there is more: behind this key, or, without one, from where this page began. */
function goingOn(xml: string, query: Query, after?: { readonly key: string } | "next"): string {
  const truncated = withText(xml, "IsTruncated", "true");
  const start = (isV2(query) ? query.get("start-after") : query.get("marker")) ?? "";
  const behind = typeof after === "object" ? after.key : start;
  if (!isV2(query)) return withText(truncated, "NextMarker", behind);
  const given = query.get("continuation-token");
  let token = formatToken({ key: behind });
  if (given !== undefined && typeof after !== "object") {
    // The very token of the request is how a loop looks; where it is allowed to stay in place, the token is another one each time.
    token = after === "next" ? laterToken(given) : given;
  }
  return withText(truncated, "NextContinuationToken", token);
}

/** Leads to the same place by other letters. */
function laterToken(token: string): string {
  const { empty = 0, ...position } = parseToken(token) as Position & { readonly empty?: number };
  const other = { ...position, empty: empty + 1 };
  return formatToken(other);
}

function keyOf(entry: string, query: Query): string {
  const text = (/<Key>(.*?)<\/Key>/s.exec(entry)?.[1] ?? "").replace(/&(?:lt|gt|quot|amp|#x([0-9a-f]+));/g, plain);
  return query.has("encoding-type") ? decodeURIComponent(text.replaceAll("+", "%20")) : text;
}

function plain(reference: string, code: string | undefined): string {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return { "&lt;": "<", "&gt;": ">", "&quot;": '"' }[reference] ?? "&";
}

/** Other entries in the place of those that are there. */
function withEntries(xml: string, listed: readonly string[]): string {
  const place = xml.search(/<Contents>|<CommonPrefixes>|<\/ListBucketResult>/);
  const text = xml.slice(0, place) + listed.join("") + xml.slice(place).replace(entries, "");
  const count = listed.length + (text.match(/<CommonPrefixes>/g)?.length ?? 0);
  return text.includes("<KeyCount>") ? withText(text, "KeyCount", String(count)) : text;
}

function without(xml: string, name: string): string {
  return xml.replace(new RegExp(`<${name}>.*?</${name}>`, "s"), "");
}

function withText(xml: string, name: string, value: string): string {
  const cleared = without(xml, name);
  const place = cleared.search(/<Contents>|<CommonPrefixes>|<\/ListBucketResult>/);
  return cleared.slice(0, place) + textElement(name, value) + cleared.slice(place);
}
