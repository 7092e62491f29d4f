/**
 * Reads the small documents that clients send: elements, text, CDATA, comments, references. No document types, no
 * attributes kept, bounded depth. Whatever is not well-formed is MalformedXML.
 */
import { s3Error } from "../errors.ts";

export interface XmlElement {
  /** Without a namespace prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text directly inside, references resolved. */
  readonly text: string;
}

interface Building {
  readonly rawName: string;
  readonly children: XmlElement[];
  text: string;
}

const maxDepth = 16;
const token =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^<"]*"|'[^<']*'))*)\s*(\/?)>|([^<]+)/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const never = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The root element. Error: MalformedXML. */
export function readXml(source: string): XmlElement {
  const open: Building[] = [{ rawName: "", children: [], text: "" }];
  token.lastIndex = 0;
  if (never.test(source)) throw s3Error("MalformedXML");
  // A carriage return that is meant comes as a reference: any other ends a line, as in all XML ("End-of-Line Handling").
  const text = (source.startsWith("\ufeff") ? source.slice(1) : source).replace(/\r\n?/g, "\n");
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    const top = open.at(-1);
    if (match === null || top === undefined) throw s3Error("MalformedXML");
    const [, cdata, closing, opening, , empty, characters] = match;
    if (cdata !== undefined) top.text += cdata;
    else if (characters !== undefined) top.text += resolveReferences(characters);
    else if (opening !== undefined) {
      if (open.length > maxDepth) throw s3Error("MalformedXML");
      open.push({ rawName: opening, children: [], text: "" });
      if (empty === "/") closeElement(open, opening);
    } else if (closing !== undefined) closeElement(open, closing);
  }
  const [document, ...unclosed] = open;
  const [root, ...others] = document?.children ?? [];
  if (root === undefined || others.length > 0 || unclosed.length > 0 || document?.text.trim() !== "") {
    throw s3Error("MalformedXML");
  }
  return root;
}

/** The only child of this name; undefined when there is none. Error: MalformedXML when there are several. */
export function childText(parent: XmlElement, name: string): string | undefined {
  const found = parent.children.filter((child) => child.name === name);
  if (found.length > 1) throw s3Error("MalformedXML");
  return found[0]?.text;
}

function closeElement(open: Building[], rawName: string): void {
  const closed = open.pop();
  const parent = open.at(-1);
  if (closed === undefined || parent === undefined || closed.rawName !== rawName) throw s3Error("MalformedXML");
  parent.children.push({ name: rawName.replace(/^.*:/, ""), children: closed.children, text: closed.text });
}

function resolveReferences(text: string): string {
  return text.replace(/&([^;&\s]*);?/g, (whole, name: string) => {
    if (!whole.endsWith(";")) throw s3Error("MalformedXML");
    const numeric = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name);
    if (numeric !== null) {
      const code = numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw s3Error("MalformedXML");
      return String.fromCodePoint(code);
    }
    const known = Object.hasOwn(named, name) ? named[name] : undefined;
    if (known === undefined) throw s3Error("MalformedXML");
    return known;
  });
}
