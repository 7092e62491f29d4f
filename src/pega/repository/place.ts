/** Where a repository lies: the address of what begins with a prefix, and the keys of what is found there. Pure. */
import { EntrepotError } from "../../error/index.ts";
import { formatUri, type HttpLocation, type Location, parseUri } from "../../uri/index.ts";

/** A file of a repository, or a marker of one: no more than that, since there may be very many. */
export interface RepositoryEntry {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

/** A folder at a store that has listings. */
export interface RepositoryPlace {
  /** Ends in `/`. */
  readonly uri: string;
  /** The address of what begins with `prefix`, and the key of the folder that entries of its listing are relative to. */
  below(prefix: string): { readonly uri: string; readonly base: string };
  /** What whole keys begin with that begin with `prefix` below the repository. */
  keyOf(prefix: string): string;
  /** The address of what has this key. */
  uriOf(key: string): string;
}

/** `uri` is a full one. Error: unsupported for what cannot be listed. */
export function placeOf(uri: string): RepositoryPlace {
  const location = parseUri(uri);
  if ("url" in location)
    throw new EntrepotError("unsupported", `${uri} cannot be listed`, {
      uri,
      hint: "a repository is a folder of S3, of this disk or of memory",
    });
  if (location.scheme === "s3" && location.bucket === "")
    throw new TypeError("a repository is a bucket or a folder of one, e.g. s3://bucket/");
  const root = asFolder(location.scheme === "file" ? location.path : location.key);
  // what lies on this disk is called by its path below the repository: the way there is nothing of its own
  const ownRoot = location.scheme === "file" ? "" : root;
  return {
    uri: formatUri(at(location, root)),
    below(prefix) {
      if (location.scheme === "file" && prefix.split("/").some((segment) => segment === "." || segment === ".."))
        throw new EntrepotError("unsafe-key", `the prefix ${JSON.stringify(prefix)} would leave ${uri}`, { uri });
      const whole = ownRoot + prefix;
      return { uri: formatUri(at(location, root + prefix)), base: whole.slice(0, whole.lastIndexOf("/") + 1) };
    },
    keyOf: (prefix) => ownRoot + prefix,
    uriOf: (key) => formatUri(at(location, location.scheme === "file" ? root + key : key)),
  };
}

type Listable = Exclude<Location, HttpLocation>;

function at(location: Listable, key: string): Location {
  if (location.scheme === "file") return { scheme: "file", path: key };
  return location.scheme === "s3" ? { ...location, key, versionId: undefined } : { ...location, key };
}

function asFolder(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}
