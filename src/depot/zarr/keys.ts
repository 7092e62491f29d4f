/** From a key of a Zarr hierarchy to the key of its object: opaque on S3, never outside the folder on this disk and on the web. */
import { EntrepotError } from "../../error/index.ts";
import type { Location } from "../../uri/index.ts";
import type { Place } from "../context.ts";
import { uriOfKey } from "../listing.ts";

/** A folder whose keys can be told. */
export interface ZarrFolder {
  readonly place: Place;
  /** The address, ending in `/`. */
  readonly uri: string;
  /** Of the store, for a path without its first `/`. Error: unsafe-key. */
  keyOf(path: string): string;
  /** For messages and results. */
  uriOf(path: string): string;
}

/** The folder that a place names, with or without its final `/`. */
export function zarrFolder(place: Place): ZarrFolder {
  const { key, location } = place;
  if (location.scheme === "http" || location.scheme === "https") return webFolder(place, location.url);
  const prefix = key === "" || key.endsWith("/") ? key : `${key}/`;
  const isFile = location.scheme === "file";
  return {
    place,
    uri: uriOfKey(place, prefix),
    keyOf: (path) => {
      if (isFile) assertInside(path, uriOfKey(place, prefix));
      return prefix + path;
    },
    uriOf: (path) => uriOfKey(place, prefix + path),
  };
}

/** What follows the `?` of a web address goes to every object, such as a token; messages go without it. */
function webFolder(place: Place, url: string): ZarrFolder {
  const folder = folderUri(url);
  const prefix = folder.slice(new URL(url).origin.length + 1);
  const end = url.includes("?") ? url.slice(url.indexOf("?")) : "";
  const encoded = (name: string) => name.split("/").map(encodeURIComponent).join("/");
  return {
    place,
    uri: folder,
    keyOf: (name) => {
      assertInside(name, folder);
      return `${prefix}${encoded(name)}${end}`;
    },
    uriOf: (name) => folder + encoded(name),
  };
}

/** Metadata of others names the nodes, and file systems and web servers resolve `..`. */
function assertInside(path: string, uri: string): void {
  if (!path.split("/").some((name) => name === ".." || name === ".")) return;
  throw new EntrepotError("unsafe-key", `${JSON.stringify(path)} would leave ${uri}`, {
    uri,
    hint: "no node of a Zarr hierarchy is called . or ..; look at its metadata",
  });
}

/** The folder's address as results show it: with a final `/`, and without a query, which may be a signature. */
export function folderUri(uri: string): string {
  const path = /^https?:/.test(uri) ? uri.replace(/\?.*$/s, "") : uri;
  return path.endsWith("/") ? path : `${path}/`;
}

/** Versions are of objects, and the hierarchy is many. */
export function assertFolder(location: Location, uri: string): void {
  if (location.scheme === "s3" && location.versionId !== undefined) {
    throw new EntrepotError("invalid-address", `${uri} is one version of one object, no Zarr hierarchy`, {
      uri,
      hint: "leave out ?versionId=",
    });
  }
}
