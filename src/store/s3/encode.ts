/**
 * Keys and query values as RFC 3986 has them. S3 signs the path as it is sent, encoded once and never normalised, so what is
 * written here goes on the wire unchanged: `..`, `//` and a leading `/` included.
 */
import { EntrepotError } from "../../error/index.ts";

const plain = /^[A-Za-z0-9_.~-]*$/;
const plainPath = /^[A-Za-z0-9_.~/-]*$/;
const leftByPlatform = /[!'()*]/g;

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Percent-encodes everything but `A-Z a-z 0-9 _ . ~ -`. Error: invalid-address for half a surrogate pair. */
export function encodeValue(value: string): string {
  if (plain.test(value)) return value;
  try {
    return encodeURIComponent(value).replace(leftByPlatform, percent);
  } catch (cause) {
    throw new EntrepotError("invalid-address", "the key is not valid Unicode: it holds half a surrogate pair", {
      cause,
    });
  }
}

/** `encodeValue` that leaves `/` as it is. */
export function encodeKey(key: string): string {
  return plainPath.test(key) ? key : encodeValue(key).replaceAll("%2F", "/");
}

/** A query string in the order that signing wants, from names and values as they are; `undefined` leaves one out. */
export function encodeQuery(parameters: Readonly<Record<string, string | undefined>>): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) pairs.push(`${encodeValue(name)}=${encodeValue(value)}`);
  }
  // Both sides are ASCII now, and `=` must not take part in the comparison of names.
  return pairs.sort((a, b) => compare(a.slice(0, a.indexOf("=")), b.slice(0, b.indexOf("=")))).join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
