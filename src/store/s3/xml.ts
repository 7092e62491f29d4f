/**
 * Reads the XML that S3 servers answer with, in one pass and without a tree: any order of elements, any namespace, CDATA and
 * entities. Text stays text (a key `0123` is no number). No document types: what they are for here is attacks.
 */
import { EntrepotError } from "../../error/index.ts";

/** Receives elements in document order; names come without their namespace prefix. */
export interface XmlVisitor {
  open?(name: string, depth: number): void;
  /** `text` is the element's own text, without that of its children. The root has depth 0. */
  close(name: string, text: string, depth: number): void;
}

const deepest = 32;
const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Walks the document. Error: protocol when it is not well formed or has no element at all. */
export function readXml(xml: string, visitor: XmlVisitor): void {
  const open: string[] = [];
  const texts: string[] = [];
  let at = 0;
  let seen = false;
  while (at < xml.length) {
    const tag = xml.indexOf("<", at);
    const end = tag === -1 ? xml.length : tag;
    if (end > at && open.length > 0) append(texts, decodeEntities(xml.slice(at, end)));
    if (tag === -1) break;
    const next = xml.charCodeAt(tag + 1);
    if (next === 0x2f /* / */) {
      const close = find(xml, ">", tag);
      const name = localName(xml.slice(tag + 2, close).trimEnd());
      if (open.pop() !== name) throw notXml("elements are not nested");
      visitor.close(name, texts.pop() ?? "", open.length);
      at = close + 1;
    } else if (next === 0x3f /* ? */) {
      at = find(xml, "?>", tag) + 2;
    } else if (next === 0x21 /* ! */) {
      if (xml.startsWith("<!--", tag)) at = find(xml, "-->", tag) + 3;
      else if (xml.startsWith("<![CDATA[", tag)) {
        const close = find(xml, "]]>", tag);
        append(texts, xml.slice(tag + 9, close));
        at = close + 3;
      } else throw notXml("it has a document type");
    } else {
      const close = endOfTag(xml, tag);
      const empty = xml.charCodeAt(close - 1) === 0x2f;
      const name = localName(firstWord(xml.slice(tag + 1, empty ? close - 1 : close)));
      if (name === "" || open.length === deepest) throw notXml("an element has no name, or they are nested too deep");
      visitor.open?.(name, open.length);
      seen = true;
      if (empty) visitor.close(name, "", open.length);
      else {
        open.push(name);
        texts.push("");
      }
      at = close + 1;
    }
  }
  if (open.length > 0 || !seen) throw notXml("it ends too early");
}

function append(texts: string[], text: string): void {
  const last = texts.length - 1;
  if (last >= 0) texts[last] += text;
}

function find(xml: string, what: string, from: number): number {
  const at = xml.indexOf(what, from);
  if (at === -1) throw notXml("it ends too early");
  return at;
}

/** An attribute's value may hold a `>`. */
function endOfTag(xml: string, tag: number): number {
  const first = find(xml, ">", tag);
  const quoted = xml.slice(tag, first);
  if (!quoted.includes('"') && !quoted.includes("'")) return first;
  for (let at = tag; at < xml.length; at++) {
    const character = xml[at];
    if (character === ">") return at;
    if (character === '"' || character === "'") at = find(xml, character, at + 1);
  }
  throw notXml("it ends too early");
}

function firstWord(tag: string): string {
  const end = tag.search(/\s/);
  return end === -1 ? tag : tag.slice(0, end);
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/gi, (whole, entity: string) => {
    if (!entity.startsWith("#")) return Object.hasOwn(named, entity) ? (named[entity] ?? whole) : whole;
    const hex = entity[1] === "x" || entity[1] === "X";
    const point = Number.parseInt(entity.slice(hex ? 2 : 1), hex ? 16 : 10);
    if (point > 0x10ffff) throw notXml("a character does not exist");
    return String.fromCodePoint(point);
  });
}

function notXml(why: string): EntrepotError {
  return new EntrepotError("protocol", `the server's answer is not the XML it should be: ${why}`);
}
