/** Zarr's metadata as JSON: what Python writes, which is not always what JSON allows. */
import { EntrepotError } from "../../error/index.ts";
import type { Bytes } from "../../store/index.ts";

/** What stands in a metadata document. */
export type Fields = { readonly [name: string]: unknown };

/** Errors: malformed. */
export function parseMetadata(bytes: Bytes, uri: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(asJson(bytes)));
  } catch (error) {
    throw malformed(uri, "it is no JSON", error);
  }
  return fieldsOf(value, uri, "the document");
}

/** Whether a key of a hierarchy is one of its documents; all others are chunks and shards. */
export function isMetadata(key: string): boolean {
  return /(?:^|\/)(?:zarr\.json|\.z(?:array|group|attrs|metadata))$/.test(key);
}

/**
 * Python's json writes NaN and infinities as bare words, which attributes hold often and no other reader of JSON takes: `null` stands in
 * their place. Bytes that are JSON, or are none even so, come back as they are.
 */
export function asJson(bytes: Bytes): Bytes {
  const text = new TextDecoder().decode(bytes);
  if (isJson(text)) return bytes;
  const clean = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs, (found) =>
    found.startsWith('"') ? found : "null",
  );
  return isJson(clean) ? new TextEncoder().encode(clean) : bytes;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function fieldsOf(value: unknown, uri: string, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw malformed(uri, `${what} is no JSON object`);
}

/** A shape: whole numbers from 0, or from 1 where `least` says so. */
export function lengthsOf(value: unknown, uri: string, what: string, least: 0 | 1): readonly number[] {
  if (Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= least)) return value;
  throw malformed(uri, `${what} is no list of whole numbers from ${least}`);
}

export function malformed(uri: string, why: string, cause?: unknown): EntrepotError {
  return new EntrepotError("malformed", `the Zarr metadata at ${uri} cannot be understood: ${why}`, {
    uri,
    cause,
    hint: "compare it with the specification at https://zarr-specs.readthedocs.io, or write it again",
  });
}

/** What an extension of Zarr has and this does not know. */
export function unsupported(uri: string, what: string): EntrepotError {
  return new EntrepotError("unsupported", `the array at ${uri} has ${what}, which is not known here`, {
    uri,
    hint: "only regular grids are; format or depth (--depth) leave the array out, and its chunks can still be read by their keys",
  });
}
