/**
 * Percent-encoding as S3 has it, in three dialects: paths and queries as signed, and keys as listed with
 * `encoding-type=url`. Decoding is strict: what is not UTF-8 is refused, never guessed.
 */
import { s3Error } from "../errors.ts";

const plain = /^[A-Za-z0-9\-._~/]*$/;
/** A tilde is escaped in listings, a star is not. */
const plainListed = /^[A-Za-z0-9\-._*/]*$/;

/** Decodes a path; `+` is a plus. Refuses stray `%` and what is not UTF-8 with InvalidURI. */
export function decodePath(raw: string): string {
  if (!raw.includes("%")) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    throw s3Error("InvalidURI", { details: { URI: raw } });
  }
}

/** Decodes a name or value of a query or of `x-amz-copy-source`; `+` is a space. */
export function decodeQueryPart(raw: string): string {
  const text = raw.includes("+") ? raw.replaceAll("+", " ") : raw;
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Without the text: it may be half of a signature.
    throw s3Error("InvalidURI");
  }
}

/** Encodes all but `A-Z a-z 0-9 - . _ ~`, as Signature Version 4 wants names and values. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, hexEscape);
}

/** Like `encodePart`, with slashes left alone: the canonical path. */
export function encodePath(text: string): string {
  return plain.test(text) ? text : encodePart(text).replaceAll("%2F", "/");
}

/** A key as listings give it with `encoding-type=url`: a space is `+`, slashes and stars stay, `~` does not. */
export function encodeListed(text: string): string {
  if (plainListed.test(text)) return text;
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, hexEscape)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");
}

function hexEscape(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
