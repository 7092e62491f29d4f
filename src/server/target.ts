/**
 * Which bucket and key a request is about, from its Host header and request target, in path style and virtual-host
 * style. Nothing is normalised: `..`, `//` and a trailing `/` are parts of keys like any other.
 */
import { s3Error } from "./errors.ts";
import { decodePath } from "./percent.ts";
import { parseQuery, type Query } from "./query.ts";

export interface Target {
  /** `""` when the request is about the account. */
  readonly bucket: string;
  /** `""` when the request is about the bucket. */
  readonly key: string;
  /** The path, decoded as a whole: what signatures are made over. */
  readonly path: string;
  readonly query: Query;
}

/** Keys are at most this long, in bytes of UTF-8. */
export const maxKeyBytes = 1024;

/**
 * Reads the request line. `domains` are the names under which `BUCKET.domain` is understood. Errors: InvalidURI,
 * KeyTooLongError.
 */
export function parseTarget(rawUrl: string, host: string, domains: readonly string[]): Target {
  const relative = rawUrl.startsWith("/") ? rawUrl : rawUrl.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = relative.indexOf("?");
  const rawPath = mark < 0 ? relative : relative.slice(0, mark);
  if (rawPath !== "" && !rawPath.startsWith("/")) throw s3Error("InvalidURI", { details: { URI: rawPath } });
  const query = parseQuery(mark < 0 ? "" : relative.slice(mark + 1));
  const path = decodePath(rawPath === "" ? "/" : rawPath);
  const ofHost = bucketOfHost(host, domains);
  if (ofHost !== undefined) return { bucket: ofHost, key: checkedKey(path.slice(1)), path, query };
  // Split before decoding: an escaped slash belongs to the name of the bucket, which it makes invalid.
  const slash = rawPath.indexOf("/", 1);
  if (slash < 0) return { bucket: path.slice(1), key: "", path, query };
  const bucket = decodePath(rawPath.slice(1, slash));
  return { bucket, key: checkedKey(path.slice(bucket.length + 2)), path, query };
}

/** `photos` of `photos.localhost:9000`; undefined when the host is one of the domains itself or a stranger. */
function bucketOfHost(host: string, domains: readonly string[]): string | undefined {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  for (const domain of domains) {
    if (name.length > domain.length + 1 && name.endsWith(`.${domain}`)) return name.slice(0, -domain.length - 1);
  }
  return undefined;
}

function checkedKey(key: string): string {
  // A UTF-16 unit is at most three bytes: short keys need no count.
  if (key.length * 3 > maxKeyBytes && Buffer.byteLength(key) > maxKeyBytes) {
    throw s3Error("KeyTooLongError", {
      details: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: String(maxKeyBytes) },
    });
  }
  return key;
}
