/**
 * Which bucket and key a request is about, from its Host header and request target, in path style and virtual-host
 * style. Nothing is normalised: `..`, `//` and a trailing `/` are parts of keys like any other.
 */

import { s3Error } from "../errors.ts";
import { type HostRules, readHost } from "./address.ts";
import { decodePath } from "./percent.ts";
import { parseQuery, type Query } from "./query.ts";

export interface Target {
  /** `""` when the request is about the account. */
  readonly bucket: string;
  /** `""` when the request is about the bucket. */
  readonly key: string;
  /** Whether the host names the bucket. */
  readonly bucketInHost: boolean;
  /** The region whose endpoint the host is, as in `s3.eu-west-1.localhost`; undefined when it names none. */
  readonly region: string | undefined;
  /** The path, decoded as a whole: what signatures are made over. */
  readonly path: string;
  readonly query: Query;
}

/** Keys are at most this long, in bytes of UTF-8. */
export const maxKeyBytes = 1024;

/** Reads the request line. Errors: InvalidURI, KeyTooLongError. */
export function parseTarget(rawUrl: string, host: string, rules: HostRules): Target {
  const relative = rawUrl.startsWith("/") ? rawUrl : rawUrl.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = relative.indexOf("?");
  const rawPath = mark < 0 ? relative : relative.slice(0, mark);
  if (rawPath !== "" && !rawPath.startsWith("/")) throw s3Error("InvalidURI", { details: { URI: rawPath } });
  const query = parseQuery(mark < 0 ? "" : relative.slice(mark + 1));
  const path = decodePath(rawPath === "" ? "/" : rawPath);
  const { bucket: ofHost, region } = readHost(host, rules);
  const rest = { bucketInHost: ofHost !== undefined, region, path, query };
  if (ofHost !== undefined) return { bucket: ofHost, key: requireKeyLength(path.slice(1)), ...rest };
  // Split before decoding: an escaped slash belongs to the name of the bucket, which it makes invalid.
  const slash = rawPath.indexOf("/", 1);
  if (slash < 0) return { bucket: path.slice(1), key: "", ...rest };
  const bucket = decodePath(rawPath.slice(1, slash));
  return { bucket, key: requireKeyLength(path.slice(bucket.length + 2)), ...rest };
}

/** The key itself. Error: KeyTooLongError. */
export function requireKeyLength(key: string): string {
  // A UTF-16 unit is at most three bytes: short keys need no count.
  if (key.length * 3 > maxKeyBytes && Buffer.byteLength(key) > maxKeyBytes) {
    throw s3Error("KeyTooLongError", {
      details: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: String(maxKeyBytes) },
    });
  }
  return key;
}
