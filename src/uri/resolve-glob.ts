/**
 * From the text of a glob to a folder to list and a pattern for what lies in it, and back: how a literal address is
 * written in a glob. In a glob `?` is a wildcard, so that no version can be named.
 */
import { EntrepotError } from "../error/index.ts";
import { formatFile, hasDotSegment } from "./file-uri.ts";
import { folderOf } from "./folder-of.ts";
import { compileGlob, type Glob, hasGlob } from "./glob.ts";
import { quoted } from "./legal-name.ts";
import type { Address, Location } from "./location.ts";
import { formatUri, isUri } from "./parse-uri.ts";
import { type AddressContext, isLocalPath, locationOf, resolveAddress } from "./resolve-address.ts";

/** Where to list and what to keep. */
export interface ResolvedGlob {
  /** The literal folders at the start, ending in `/`. */
  readonly folder: Location;
  /** For paths relative to `folder`. */
  readonly glob: Glob;
  /** The same as one text that means it in any folder: a URI, of this disk a path. */
  readonly pattern: string;
}

/**
 * Resolves a glob as `resolveAddress` would the address: full URI, local path or bare name. Escapes such as `%20` in a `file:`
 * URI stand for literal text. Errors: invalid-address for a wildcard in a bucket's name and for `..` behind a wildcard of
 * a local path, unsupported for URLs, and those of `resolveAddress` and `compileGlob`.
 */
export function resolveGlob(pattern: string, context: AddressContext): ResolvedGlob {
  if (typeof pattern !== "string") throw new TypeError("a glob is text; make one of an address with escapeGlob");
  if (!hasGlob(pattern)) return literalGlob(resolveAddress(pattern, context));
  const head = pattern.slice(0, headLength(pattern));
  const base = head === "" && isLocalPath(pattern) ? "." : head;
  const folder = listable(folderOf(listable(resolveAddress(base, context))));
  const tail = pattern.slice(head.length);
  if (folder.scheme !== "file") return resolved(folder, tail);
  if (hasDotSegment(tail)) {
    throw new EntrepotError("invalid-address", `${quoted(pattern)} has . or .. behind a wildcard`, {
      hint: "take them out: no folder lists them",
    });
  }
  return resolved(folder, isUri(pattern) ? decodeLiterals(tail) : tail);
}

function resolved(folder: Listable, tail: string): ResolvedGlob {
  const above = folder.scheme === "file" ? escapeText(folder.path) : escapeGlob(formatUri(folder));
  return { folder, glob: compileGlob(tail), pattern: above + tail };
}

/**
 * The address as a glob that matches it and nothing else. Text that is no full URI stays such text. Wildcards become `[*]`;
 * braces and commas, too, so that the result may stand inside `{…}`. Errors: invalid-address for one version, unsupported for URLs.
 */
export function escapeGlob(uri: Address): string {
  const location = locationOf(uri);
  if (location === undefined) return escapeText(uri as string);
  switch (location.scheme) {
    case "s3":
      if (location.versionId !== undefined) {
        throw new EntrepotError("invalid-address", "a glob cannot name one version", { hint: "leave ?versionId= out" });
      }
      return location.bucket === "" ? "s3://" : `s3://${location.bucket}/${escapeText(location.key)}`;
    case "memory":
      return `memory:///${escapeText(location.key)}`;
    case "file":
      return escapeText(formatFile(location));
    case "http":
    case "https":
      throw notListable();
  }
}

function escapeText(text: string): string {
  return text.replace(/[*?[{},]/g, "[$&]");
}

function literalGlob(location: Location): ResolvedGlob {
  const place = listable(location);
  const path = place.scheme === "file" ? place.path : place.key;
  const cut = path.lastIndexOf("/", path.length - 2) + 1;
  const above = path.slice(0, cut);
  // Of `/` and of a bucket there is nothing above.
  if (path === "" || (cut === path.length && place.scheme === "file")) return resolved(place, "");
  const folder: Listable = place.scheme === "file" ? { ...place, path: above } : { ...place, key: above };
  return resolved(folder, escapeText(path.slice(cut)));
}

type Listable = Exclude<Location, { readonly url: string }>;

function listable(location: Location): Listable {
  if ("url" in location) throw notListable();
  return location;
}

function notListable(): EntrepotError {
  return new EntrepotError("unsupported", "nothing can be listed over HTTP", { hint: "give each URL in full" });
}

/** How much of the pattern is literal folders. */
function headLength(pattern: string): number {
  const wild = pattern.search(/[*?[{]/);
  const length = pattern.lastIndexOf("/", wild) + 1;
  if (!isUri(pattern)) return length;
  const colon = pattern.indexOf(":");
  const authority = pattern.startsWith("//", colon + 1) ? colon + 3 : colon + 1;
  const end = pattern.indexOf("/", authority);
  if (end !== -1 && end < wild) return length;
  throw new EntrepotError("invalid-address", `${quoted(pattern)} has a wildcard before its first folder`, {
    hint: "a bucket is named in full: list s3:// to see which there are",
  });
}

/** Percent-decodes; what an escape stood for is never a wildcard. */
function decodeLiterals(tail: string): string {
  if (/%(?![0-9a-f]{2})|%2f/i.test(tail)) throw badEscape(tail);
  return tail.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return escapeText(decodeURIComponent(escapes));
    } catch {
      throw badEscape(tail);
    }
  });
}

function badEscape(tail: string): EntrepotError {
  return new EntrepotError("invalid-address", `${quoted(tail)} is not properly percent-encoded`, {
    hint: "a percent sign itself is written %25 in a file URI",
  });
}
