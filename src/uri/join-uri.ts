/**
 * Arithmetic on addresses: below, above, and the last name. It works on text and needs no root: what a bare name or a
 * local path stands for is decided later.
 */
import { EntrepotError } from "../error/index.ts";
import { hasDotSegment } from "./file-uri.ts";
import { appendName, folderOf } from "./folder-of.ts";
import { checkUnicode, quoted } from "./legal-name.ts";
import type { Address, Location } from "./location.ts";
import { formatUri, isUri } from "./parse-uri.ts";
import { isLocalPath, locationOf } from "./resolve-address.ts";

/**
 * The address of `names` below `folder`, each taken literally: nothing is decoded, `a//b` stays, a `/` is added only where
 * none stands. A full URI gives a full URI, other text gives text of its kind. Error: unsafe-key for a name with a `..`
 * segment (with `.`, too, on this machine) or one that would no longer be below the folder; invalid-address.
 */
export function joinUri(folder: Address, ...names: readonly string[]): string {
  const location = locationOf(folder);
  return location === undefined ? joinText(folder as string, names) : formatUri(joinLocation(location, names));
}

function joinLocation(location: Location, names: readonly string[]): Location {
  return names.reduce<Location>((above, name) => {
    checkName(name, location.scheme === "file");
    return appendName(folderOf(above), name);
  }, folderOf(location));
}

function joinText(folder: string, names: readonly string[]): string {
  const local = isLocalPath(folder);
  return names.reduce((above, name) => {
    checkName(name, local);
    const joined = above === "" || above.endsWith("/") ? above + name : `${above}/${name}`;
    if (local || !(isUri(joined) || isLocalPath(joined))) return joined;
    throw new EntrepotError("unsafe-key", `${quoted(name)} is a full address, not a name below a folder`, {
      hint: "use it as it is, or join it to a full URI",
    });
  }, folder);
}

function checkName(name: string, local: boolean): void {
  if (typeof name !== "string") throw new TypeError("a name to join is text");
  checkUnicode(name, "the name");
  if (!hasDotSegment(name) || !(local || /(?:^|\/)\.\.(?:\/|$)/.test(name))) return;
  throw new EntrepotError("unsafe-key", `${quoted(name)} would not be below its folder`, {
    hint: "leave . and .. out of names, or use parentUri",
  });
}

/**
 * The folder that holds it, ending in `/`: of `s3://b/a/x` and of `s3://b/a/y/`, `s3://b/a/`. A version id is left out. The
 * parent of a bucket is `s3://`; `s3://`, `file:///`, `memory:///` and the bare root `""` are their own. Never throws for a valid address.
 */
export function parentUri(uri: Address): string {
  const location = locationOf(uri);
  if (location === undefined) return textParent(uri as string);
  switch (location.scheme) {
    case "s3":
      if (location.key === "") return "s3://";
      return formatUri({ ...location, key: above(location.key), versionId: undefined });
    case "memory":
      return formatUri({ scheme: "memory", key: above(location.key) });
    case "file":
      return formatUri({ scheme: "file", path: above(location.path) || "/" });
    case "http":
    case "https": {
      const { origin, pathname } = new URL(location.url);
      return `${origin}${above(pathname) || "/"}`;
    }
  }
}

/** The last name, without a final `/`: of `s3://b/a/x.csv`, `x.csv`. The name of a bucket alone is the bucket, of a root `""`. Of a URL it is decoded. */
export function nameOfUri(uri: Address): string {
  const location = locationOf(uri);
  if (location === undefined) return last(uri as string);
  switch (location.scheme) {
    case "s3":
      return location.key === "" ? location.bucket : last(location.key);
    case "memory":
      return last(location.key);
    case "file":
      return last(location.path);
    case "http":
    case "https":
      return decodedOr(last(new URL(location.url).pathname));
  }
}

function textParent(text: string): string {
  if (!isLocalPath(text)) return above(text);
  const path = text.endsWith("/") && text !== "/" ? text.slice(0, -1) : text;
  // Above a name that is no name (`.`, `..`, `~`) there is only `..`.
  if (/(?:^|\/)\.{2}$/.test(path) || path === "~") return `${path}/../`;
  if (/(?:^|\/)\.$/.test(path)) return `${path.slice(0, -1)}../`;
  return above(path) || (path.startsWith("/") ? "/" : "./");
}

/** Up to and with the slash before the last name. */
function above(key: string): string {
  const end = key.endsWith("/") ? key.length - 2 : key.length - 1;
  return end < 0 ? "" : key.slice(0, key.lastIndexOf("/", end) + 1);
}

function last(key: string): string {
  const name = key.endsWith("/") ? key.slice(0, -1) : key;
  return name.slice(name.lastIndexOf("/") + 1);
}

function decodedOr(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
