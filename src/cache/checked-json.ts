/**
 * JSON documents that carry the checksum of what is in them: one that is cut, changed or of another kind is none, and nothing in it is
 * believed. Pure.
 */
import { hash } from "node:crypto";

/** Documents of one kind. */
export interface CheckedJson {
  format(value: unknown): Uint8Array;
  /** What `format` was given, or `undefined` for anything else. */
  parse(bytes: Uint8Array): unknown;
}

const head = '{"sha256":"';

/** `kind` is the name under which the value stands in the document. */
export function checkedJson(kind: string): CheckedJson {
  const middle = `","${kind}":`;
  const start = head.length + 64 + middle.length;
  return {
    format(value) {
      const text = JSON.stringify(value);
      return Buffer.from(`${head}${hash("sha256", text)}${middle}${text}}\n`);
    },
    parse(bytes) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
      if (!text.startsWith(head) || !text.endsWith("}\n")) return undefined;
      const body = text.slice(start, -2);
      if (text.slice(head.length, start) !== hash("sha256", body) + middle) return undefined;
      try {
        return JSON.parse(body);
      } catch {
        return undefined;
      }
    },
  };
}
