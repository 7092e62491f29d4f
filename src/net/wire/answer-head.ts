/**
 * The head of an HTTP/1.x answer, read strictly: what two readers could take for two different answers is refused, because the
 * next answer on the connection would begin elsewhere for each of them.
 */
import { NotHttp } from "../failure.ts";
import type { ResponseHeaders } from "../transport.ts";

/** How much follows the head: bytes, chunks, or all until the connection ends. */
export type BodyExtent = number | "chunks" | "rest";

export interface AnswerHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: BodyExtent;
  /** Whether the server leaves the connection open for the next request. */
  readonly keepsOpen: boolean;
}

/** The longest head that is read, bytes: Node's own bound. */
export const mostHeadBytes: number = 16 * 1024;

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const outside = /[^\t\x20-\x7e\x80-\xff]/;

/** Names in lower case by their spelling: a server spells the same few again and again. */
const names = new Map<string, string>();
const mostNames = 500;

/** Reads a head without the empty line at its end; `isHead` for the answer to a HEAD. Error: `NotHttp`. */
export function parseHead(text: string, isHead: boolean): AnswerHead {
  let end = text.indexOf("\r\n");
  const first = end === -1 ? text : text.slice(0, end);
  const match = statusLine.exec(first);
  if (match === null) throw new NotHttp(`it begins with ${JSON.stringify(first.slice(0, 40))}`);
  const status = Number(match[2]);
  const headers: Record<string, string> = Object.create(null);
  while (end !== -1) {
    const start = end + 2;
    end = text.indexOf("\r\n", start);
    addField(headers, text, start, end === -1 ? text.length : end);
  }
  const isOld = match[1] === "0";
  return { status, headers, body: extentOf(status, headers, isHead, isOld), keepsOpen: keepsOpen(headers, isOld) };
}

function addField(headers: Record<string, string>, text: string, start: number, end: number): void {
  const colon = text.indexOf(":", start);
  if (colon === -1 || colon >= end) throw new NotHttp("a line of its head has no colon");
  const name = nameOf(text.slice(start, colon));
  let from = colon + 1;
  while (from < end && isBlank(text, from)) from += 1;
  let to = end;
  while (to > from && isBlank(text, to - 1)) to -= 1;
  const value = text.slice(from, to);
  if (outside.test(value)) throw new NotHttp(`its header ${name} holds a control character`);
  const before = headers[name];
  if (before === undefined) headers[name] = value;
  else if (name === "content-length" || name === "transfer-encoding") throw new NotHttp(`it has ${name} twice`);
  else headers[name] = `${before}, ${value}`;
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}

function nameOf(spelled: string): string {
  const known = names.get(spelled);
  if (known !== undefined) return known;
  if (!token.test(spelled)) throw new NotHttp("a line of its head begins with no name");
  const name = spelled.toLowerCase();
  if (names.size < mostNames) names.set(spelled, name);
  return name;
}

function extentOf(status: number, headers: ResponseHeaders, isHead: boolean, isOld: boolean): BodyExtent {
  const length = headers["content-length"];
  const encoding = headers["transfer-encoding"];
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new NotHttp(`its Content-Length is ${length}`);
  if (encoding !== undefined) {
    if (length !== undefined) throw new NotHttp("it has both Content-Length and Transfer-Encoding");
    if (isOld || encoding.toLowerCase() !== "chunked") throw new NotHttp(`its Transfer-Encoding is ${encoding}`);
  }
  if (isHead || status < 200 || status === 204 || status === 304) return 0;
  if (encoding !== undefined) return "chunks";
  return length === undefined ? "rest" : Number(length);
}

function keepsOpen(headers: ResponseHeaders, isOld: boolean): boolean {
  const words = headers["connection"];
  if (words === undefined) return !isOld;
  const said = words.toLowerCase().split(/[\t ]*,[\t ]*/);
  return !said.includes("close") && (!isOld || said.includes("keep-alive"));
}
