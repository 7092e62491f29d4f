/**
 * The head of a request as it goes on the wire. Nothing that a name, a value or a path holds can end its line: such a request is
 * a caller's mistake and not sent.
 */
import { headersOn, type Route, targetOn } from "../route.ts";
import type { TransportRequest } from "../transport.ts";

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const outsideValue = /[^\t\x20-\x7e\x80-\xff]/;
const outsidePath = /[^\x21-\xff]/;

/** Names that were looked at: every request has the same. */
const names = new Set<string>();
const mostNames = 500;

/** Throws a `TypeError` for what cannot stand in a head, and for a body of which nobody says how long it is. */
export function requestHead(request: TransportRequest, route: Route, host: string): string {
  const { method, body } = request;
  const path = targetOn(route, request.path);
  if (outsidePath.test(path)) throw new TypeError("The path holds a character that no request line can");
  const headers = headersOn(route, request.headers);
  let head = `${method} ${path} HTTP/1.1\r\n`;
  if (headers["host"] === undefined) head += `host: ${host}\r\n`;
  head += "connection: keep-alive\r\n";
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    checkName(name);
    if (outsideValue.test(value)) throw new TypeError(`The header ${name} holds a character that none can`);
    head += `${name}: ${value}\r\n`;
  }
  if (headers["content-length"] === undefined) {
    if (body instanceof Uint8Array) head += `content-length: ${body.byteLength}\r\n`;
    else if (body !== undefined) throw new TypeError("A body that comes in pieces has a content-length");
    else if (method === "PUT" || method === "POST") head += "content-length: 0\r\n";
  }
  return `${head}\r\n`;
}

function checkName(name: string): void {
  if (names.has(name)) return;
  if (!token.test(name) || name === "connection" || name === "transfer-encoding") {
    throw new TypeError(`A request cannot bring a header ${JSON.stringify(name)}`);
  }
  if (names.size < mostNames) names.add(name);
}
