/**
 * `file:///absolute/path` ↔ value, percent-decoded. `.` and `..` are taken out, doubled and final slashes are kept.
 * Nothing here looks at a disk, and no drive letter or UNC name means anything.
 */
import { EntrepotError } from "../error/index.ts";
import { checkUnicode, quoted } from "./legal-name.ts";
import type { FileLocation } from "./location.ts";

/** Reads what follows `file:`. Errors: invalid-address; TypeError for a relative path. */
export function parseFileRest(rest: string): FileLocation {
  const path = absolutePart(rest);
  if (/[?#]/.test(path)) throw invalid(rest, "write ? as %3F and # as %23 in a file URI, or use a local path");
  if (/%2f/i.test(path)) throw invalid(rest, "no file's name holds a slash");
  return fileLocation(decoded(path, rest));
}

/** The URI of a location, encoded as far as needed. Error: invalid-address. */
export function formatFile(location: FileLocation): string {
  const { path } = location;
  if (!path.startsWith("/") || hasDotSegment(path)) {
    throw new EntrepotError("invalid-address", `the path ${quoted(path)} is not absolute, or it holds . or ..`, {
      hint: "make the location with resolveAddress",
    });
  }
  return `file://${encodePath(path)}`;
}

/** An absolute path as a value: `.` and `..` resolved as names, other slashes as they are. Error: invalid-address. */
export function fileLocation(path: string): FileLocation {
  checkUnicode(path, "the path");
  return { scheme: "file", path: hasDotSegment(path) ? withoutDots(path) : path };
}

/** Whether one of the names between the slashes is `.` or `..`. */
export function hasDotSegment(path: string): boolean {
  return /(?:^|\/)\.\.?(?:\/|$)/.test(path);
}

/** Percent-encodes what would not survive in the path of a URL; slashes stay. Error: invalid-address. */
export function encodePath(path: string): string {
  checkUnicode(path, "the path");
  return encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23");
}

function absolutePart(rest: string): string {
  if (!rest.startsWith("//")) {
    if (rest.startsWith("/")) return rest;
    throw new TypeError(`${quoted(`file:${rest}`)} is not absolute: write file:///path, or ./path for a local path`);
  }
  const slash = rest.indexOf("/", 2);
  const host = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  if (host === "" || host.toLowerCase() === "localhost") return slash === -1 ? "/" : rest.slice(slash);
  throw invalid(rest, `a file lies on this machine: write file:///${rest.slice(2)} for an absolute path`);
}

function decoded(path: string, rest: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalid(rest, "a percent sign itself is written %25, other escapes are UTF-8");
  }
}

function withoutDots(path: string): string {
  const names = path.slice(1).split("/");
  const kept: string[] = [];
  for (const name of names) {
    if (name === "..") kept.pop();
    else if (name !== ".") kept.push(name);
  }
  // A final `.` or `..` names a folder.
  if (/^\.\.?$/.test(names.at(-1) ?? "")) kept.push("");
  return `/${kept.join("/")}`;
}

function invalid(rest: string, hint: string): EntrepotError {
  return new EntrepotError("invalid-address", `${quoted(`file:${rest}`)} is not the address of a file`, { hint });
}
