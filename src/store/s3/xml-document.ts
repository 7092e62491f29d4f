/** A small document on its way up: text made safe for XML, and the fields of the request that carries it. */
import { hash } from "node:crypto";
import type { CallRequest } from "./s3-calls.ts";

const references: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as the content of an element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => references[character] ?? character);
}

/** A document in S3's namespace; `content` is XML already. */
export function xmlDocument(root: string, content: string): string {
  const opening = `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${opening}${content}</${root}>`;
}

/** The document as a body, signed. */
export function documentBody(document: Uint8Array): Pick<CallRequest, "payloadHash" | "body" | "bodyBytes"> {
  return { payloadHash: hash("sha256", document), body: () => document, bodyBytes: document.byteLength };
}
