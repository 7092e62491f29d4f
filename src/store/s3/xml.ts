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
/**
 * Bytes that are made text at once. V8 keeps what is longer than 128 KiB among its old objects, where garbage lies long, and a text
 * that was cut out of another holds on to all of it.
 */
const pieceBytes = 16 * 1024;
/** The end of a mark does not stand in this piece. */
const incomplete = -1;
const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Walks the document; bytes are UTF-8. Error: protocol when it is not well formed or has no element at all. */
export function readXml(xml: string | Uint8Array, visitor: XmlVisitor): void {
  const reader = new XmlReader(visitor);
  if (typeof xml === "string") reader.read(xml, true);
  else readPieces(Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength), reader);
  reader.end();
}

/** A piece ends behind a `>`: in no character, no entity and no name. */
function readPieces(bytes: Buffer, reader: XmlReader): void {
  const total = bytes.byteLength;
  let rest = "";
  let size = pieceBytes;
  for (let at = 0; at < total; ) {
    const close = at + size < total ? bytes.indexOf(0x3e, at + size) : -1;
    const end = close === -1 ? total : close + 1;
    rest = reader.read(rest + bytes.toString("utf8", at, end), end === total);
    // or what is long would be looked at again and again
    size = rest === "" ? pieceBytes : 2 * size;
    at = end;
  }
}

class XmlReader {
  readonly #visitor: XmlVisitor;
  readonly #open: string[] = [];
  readonly #texts: string[] = [];
  #seen = false;

  constructor(visitor: XmlVisitor) {
    this.#visitor = visitor;
  }

  /** Gives what it could not read yet, which is nothing of the last piece. */
  read(xml: string, isLast: boolean): string {
    for (let at = 0; at < xml.length; ) {
      const tag = xml.indexOf("<", at);
      const end = tag === -1 ? xml.length : tag;
      if (end > at && this.#open.length > 0) append(this.#texts, decodeEntities(xml.slice(at, end)));
      if (tag === -1) break;
      at = this.#markup(xml, tag);
      if (at !== incomplete) continue;
      if (isLast) throw notXml("it ends too early");
      return xml.slice(tag);
    }
    return "";
  }

  end(): void {
    if (this.#open.length > 0 || !this.#seen) throw notXml("it ends too early");
  }

  /** Reads what begins at a `<`; gives where it ends. */
  #markup(xml: string, tag: number): number {
    const next = xml.charCodeAt(tag + 1);
    if (next === 0x2f /* / */) return this.#closing(xml, tag);
    if (next === 0x3f /* ? */) return behind(xml, "?>", tag);
    if (next !== 0x21 /* ! */) return this.#opening(xml, tag);
    if (xml.startsWith("<!--", tag)) return behind(xml, "-->", tag);
    if (!xml.startsWith("<![CDATA[", tag)) throw notXml("it has a document type");
    const end = behind(xml, "]]>", tag);
    if (end !== incomplete) append(this.#texts, xml.slice(tag + 9, end - 3));
    return end;
  }

  #closing(xml: string, tag: number): number {
    const end = behind(xml, ">", tag);
    if (end === incomplete) return incomplete;
    const name = this.#open.pop() ?? "";
    const isSame = xml.startsWith(name, tag + 2) && end === tag + 3 + name.length;
    if (name === "" || !(isSame || localName(xml.slice(tag + 2, end - 1).trimEnd()) === name))
      throw notXml("elements are not nested");
    this.#visitor.close(name, this.#texts.pop() ?? "", this.#open.length);
    return end;
  }

  #opening(xml: string, tag: number): number {
    const end = endOfTag(xml, tag);
    if (end === incomplete) return incomplete;
    const empty = xml.charCodeAt(end - 2) === 0x2f;
    const name = localName(firstWord(xml.slice(tag + 1, end - (empty ? 2 : 1))));
    const depth = this.#open.length;
    if (name === "" || depth === deepest) throw notXml("an element has no name, or they are nested too deep");
    this.#visitor.open?.(name, depth);
    this.#seen = true;
    if (empty) this.#visitor.close(name, "", depth);
    else {
      this.#open.push(name);
      this.#texts.push("");
    }
    return end;
  }
}

function append(texts: string[], text: string): void {
  const last = texts.length - 1;
  if (last >= 0) texts[last] += text;
}

/** Where what ends with this ends. */
function behind(xml: string, what: string, from: number): number {
  const at = xml.indexOf(what, from);
  return at === -1 ? incomplete : at + what.length;
}

/** An attribute's value may hold a `>`. */
function endOfTag(xml: string, tag: number): number {
  for (let at = tag + 1; at < xml.length; at++) {
    const code = xml.charCodeAt(at);
    if (code === 0x3e /* > */) return at + 1;
    if (code !== 0x22 /* " */ && code !== 0x27 /* ' */) continue;
    at = xml.indexOf(code === 0x22 ? '"' : "'", at + 1);
    if (at === -1) return incomplete;
  }
  return incomplete;
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
