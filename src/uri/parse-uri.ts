/** Text ↔ value for every scheme: `parseUri(formatUri(location))` is `location` for every location. */
import { EntrepotError } from "../error/index.ts";
import { formatFile, parseFileRest } from "./file-uri.ts";
import { httpLocation } from "./http-uri.ts";
import { checkKey, quoted } from "./legal-name.ts";
import type { Location, MemoryLocation } from "./location.ts";
import { formatS3, parseS3Rest } from "./s3-uri.ts";

/** What the hint of an unknown scheme offers. */
const schemes = "s3://bucket/key, file:///path, memory:///key, https://host/path (read only)";
const known = /^(s3|s3a|s3n|file|memory|https?):/i;

/** Whether the text says a scheme: `anything://`, or one of ours followed by a colon (which may then be a TypeError). */
export function isUri(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(text) || known.test(text);
}

/**
 * Reads a full URI. The scheme counts in any case; `s3a://` and `s3n://` are `s3://`. `s3://` is the account and
 * `s3://bucket` the bucket. Errors: invalid-address; TypeError for near misses such as `s3:/x`.
 */
export function parseUri(text: string): Location {
  const scheme = known.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw notAUri(text);
  const rest = text.slice(scheme.length + 1);
  if (scheme === "file") return parseFileRest(rest);
  if (!rest.startsWith("//")) throw nearMiss(text, scheme);
  if (scheme === "memory") return parseMemoryRest(rest.slice(2));
  if (scheme === "http" || scheme === "https") return httpLocation(scheme, `${scheme}:${rest}`);
  return parseS3Rest(rest.slice(2));
}

/** The one URI of a location. Error: invalid-address, when the location was not made by this room and breaks its rules. */
export function formatUri(location: Location): string {
  switch (location.scheme) {
    case "s3":
      return formatS3(location);
    case "file":
      return formatFile(location);
    case "memory":
      return `memory:///${checkKey(location.key)}`;
    case "http":
    case "https":
      return httpLocation(location.scheme, location.url).url;
  }
}

function parseMemoryRest(rest: string): MemoryLocation {
  if (rest === "" || rest.startsWith("/")) return { scheme: "memory", key: checkKey(rest.slice(1)) };
  throw new EntrepotError("invalid-address", `${quoted(`memory://${rest}`)} has no meaning: memory has no host`, {
    hint: "write memory:///key",
  });
}

function nearMiss(text: string, scheme: string): TypeError {
  const meant = { memory: "memory:///key", http: "http://host/path", https: "https://host/path" }[scheme];
  return new TypeError(`${quoted(withoutQuery(text))} is not an address: write ${meant ?? "s3://bucket/key"}`);
}

function notAUri(text: string): EntrepotError {
  const shown = quoted(withoutQuery(text));
  if (text !== text.trimStart()) {
    return new EntrepotError("invalid-address", `${shown} begins with white space`, { hint: "take it away" });
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  const what = scheme === undefined ? `${shown} is not a full URI` : `${shown} has the unknown scheme ${scheme}://`;
  return new EntrepotError("invalid-address", what, { hint: `there are ${schemes}` });
}

function withoutQuery(text: string): string {
  return text.replace(/\?.*$/s, "");
}
