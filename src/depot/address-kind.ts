/** What an address means before anything is asked: one object, a folder, several. */
import type { Address } from "../uri/index.ts";
import type { Place } from "./context.ts";
import type { Sources } from "./entries.ts";

/** A final `/` says folder, but not in `{ bucket, key }`, and web addresses have none. */
export function isFolderAddress(address: Address, place: Place): boolean {
  if (isLiteral(address) || "url" in place.location) return false;
  return place.key === "" || place.key.endsWith("/");
}

export function isSources(from: Address | Sources): from is Sources {
  return Array.isArray(from) || (typeof from === "object" && Symbol.asyncIterator in from);
}

/** `{ bucket, key }` is one object, whatever its key ends in. */
export function isLiteral(address: Address): boolean {
  return typeof address === "object" && !(address instanceof URL);
}

/** The last part of a key, by which it goes into a folder. */
export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("/", key.length - 2) + 1);
}
