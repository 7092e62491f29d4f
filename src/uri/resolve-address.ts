/**
 * What an address means here and now: a full URI, a local path from the working folder, or a bare name under the root in
 * force. The context comes in from outside; nothing is looked up.
 */
import { EntrepotError } from "../error/index.ts";
import { fileLocation, hasDotSegment } from "./file-uri.ts";
import { appendName, folderOf } from "./folder-of.ts";
import { httpLocation } from "./http-uri.ts";
import { quoted } from "./legal-name.ts";
import type { Address, Location, ObjectAddress } from "./location.ts";
import { isUri, parseUri } from "./parse-uri.ts";
import { s3Location } from "./s3-uri.ts";

/** Where names that are not full URIs begin. */
export interface AddressContext {
  /** The root of bare names; `undefined`: the working folder. A missing final `/` is added. */
  readonly root: Location | undefined;
  /** Absolute path of the folder in which local paths begin. */
  readonly workingFolder: string;
  /** Absolute path of what `~` stands for. */
  readonly homeFolder: string | undefined;
}

/**
 * Whether text is a path of this machine whatever the root: `.`, `..`, `~`, or beginning with `./`, `../`, `/`, `~/`, `C:\`,
 * `C:/` or `\\`. POSIX knows no drives: there, `C:\x` is a file of that name in the working folder, as for every other tool.
 */
export function isLocalPath(text: string): boolean {
  return /^(?:\.{1,2}(?:\/|$)|\/|~(?:\/|$)|[A-Za-z]:(?:\\|\/(?!\/))|\\\\)/.test(text);
}

/**
 * Turns an address into a location. A bare name is appended to its root literally (on S3 and in memory `.`, `..` and `//`
 * in it are part of the key), but one whose `..` would leave the root is refused; under a folder of this machine `.` and
 * `..` are resolved. `?versionId=` counts in full URIs only. Local paths lose doubled slashes, as the system reads them.
 *
 * Errors: invalid-address, unsafe-key, misconfigured (`~` without a home). TypeError: `s3:/x`, an `s3:` URL, other values.
 */
export function resolveAddress(address: Address, context: AddressContext): Location {
  if (typeof address !== "string") return address instanceof URL ? fromUrl(address) : fromObject(address);
  if (isUri(address)) return parseUri(address);
  if (isLocalPath(address)) return fromLocalPath(address, context);
  const root = folderOf(context.root ?? localFolder(context.workingFolder));
  if (address === "") return root;
  checkStaysInside(address, context.root === undefined ? "the working folder" : "the root");
  return appendName(root, address);
}

/** The location of any address that needs no context; `undefined` for local paths and bare names. */
export function locationOf(address: Address): Location | undefined {
  if (typeof address !== "string") return address instanceof URL ? fromUrl(address) : fromObject(address);
  return isUri(address) ? parseUri(address) : undefined;
}

function fromUrl(url: URL): Location {
  const scheme = url.protocol.slice(0, -1);
  if (scheme === "file") return parseUri(url.href);
  if (scheme === "http" || scheme === "https") return httpLocation(scheme, url.href);
  const reason = scheme.startsWith("s3")
    ? ": URL has already changed .. and // in the key, so give the text itself"
    : "";
  throw new TypeError(`a URL object must be file:, http: or https:, not ${scheme}:${reason}`);
}

function fromObject(address: ObjectAddress): Location {
  const { bucket, key, versionId } = (address ?? {}) as Partial<ObjectAddress>;
  if (
    typeof bucket !== "string" ||
    typeof key !== "string" ||
    (versionId !== undefined && typeof versionId !== "string")
  ) {
    throw new TypeError("an address is text, a URL or { bucket, key, versionId? }");
  }
  return s3Location(bucket, key, versionId);
}

function fromLocalPath(path: string, context: AddressContext): Location {
  if (path.startsWith("/")) return localPath(path);
  if (path !== "~" && !path.startsWith("~/")) return localPath(`${context.workingFolder}/${path}`);
  if (context.homeFolder !== undefined) return localPath(`${context.homeFolder}${path.slice(1)}`);
  throw new EntrepotError("misconfigured", `${quoted(path)} needs a home folder, and there is none`, {
    hint: "set HOME, or write the path in full",
  });
}

function localFolder(path: string): Location {
  return localPath(`${path}/`);
}

function localPath(path: string): Location {
  return fileLocation(path.replace(/\/{2,}/g, "/"));
}

/** Follows `..` through the names; below zero it has left. */
function checkStaysInside(name: string, what: string): void {
  if (!hasDotSegment(name)) return;
  let depth = 0;
  for (const segment of name.split("/")) {
    if (segment === "..") depth -= 1;
    else if (segment !== "." && segment !== "") depth += 1;
    if (depth < 0) {
      throw new EntrepotError("unsafe-key", `${quoted(name)} would leave ${what}`, {
        hint: "write ./… for a path from the working folder, or a full URI",
      });
    }
  }
}
