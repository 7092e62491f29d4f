/** What a bucket, key or version may be before any server is asked. Loose on purpose: the rest is the server's business. */
import { EntrepotError } from "../error/index.ts";

/** The longest key of S3, in bytes of UTF-8. */
export const maxKeyBytes = 1024;

/** The text in double quotes with control characters and lone surrogates escaped, cut after 200 characters: for messages. */
export function quoted(text: string): string {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    escapeUnit,
  );
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Error: invalid-address, when half of a surrogate pair stands alone: such text has no UTF-8. */
export function checkUnicode(text: string, what: string): void {
  if (!/\p{Surrogate}/u.test(text)) return;
  throw new EntrepotError("invalid-address", `${what} ${quoted(text)} is not well-formed Unicode (a lone surrogate)`, {
    hint: "it was probably cut in the middle of a character, or decoded with the wrong encoding",
  });
}

/** Any Unicode of at most 1,024 bytes, the empty key included. Error: invalid-address. */
export function checkKey(key: string): string {
  checkUnicode(key, "the key");
  const sizeBytes = key.length * 3 <= maxKeyBytes ? 0 : Buffer.byteLength(key);
  if (sizeBytes <= maxKeyBytes) return key;
  throw new EntrepotError("invalid-address", `the key ${quoted(key)} has ${sizeBytes} bytes`, {
    hint: `a key has at most ${maxKeyBytes} bytes of UTF-8`,
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const notInABucket = /[\u0000-\u0020\u007f-\u00a0/\\?#@%]/;

/** A bucket's name without the characters that would change the meaning of a URL. Error: invalid-address. */
export function checkBucket(bucket: string): string {
  checkUnicode(bucket, "the bucket");
  if (bucket !== "" && !notInABucket.test(bucket)) return bucket;
  const what = bucket === "" ? "a bucket's name is missing" : `${quoted(bucket)} cannot be the name of a bucket`;
  throw new EntrepotError("invalid-address", what, { hint: "write s3://bucket/key" });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const notInAVersion = /[\u0000-\u0020\u007f-\u00a0/?]/;

/** A version id of a non-empty key: URL-ready, at most 1,024 bytes. Error: invalid-address. */
export function checkVersionId(versionId: string, key: string): string {
  checkUnicode(versionId, "the version id");
  if (versionId !== "" && versionId.length <= 1024 && !notInAVersion.test(versionId) && key !== "") return versionId;
  const what = key === "" ? "a version id stands without a key" : `${quoted(versionId)} cannot be a version id`;
  throw new EntrepotError("invalid-address", what, { hint: "write s3://bucket/key?versionId=ID" });
}
