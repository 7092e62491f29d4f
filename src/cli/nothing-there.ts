/** What it means that a listing of an address gave nothing: an object of that name, a place that may be empty, or a failure. */
import type { Depot, EntryOf } from "../depot/index.ts";
import { openNodeDisk } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { localFolders } from "./local-folder.ts";
import { isWholePlace } from "./whole-place.ts";

/**
 * The object that the address itself names; `undefined` for an empty place, and for one of which filters left nothing. Error: not-found
 * where there is nothing at all.
 */
export async function objectInstead(
  depot: Depot,
  address: string,
  { isFiltered = false }: { readonly isFiltered?: boolean } = {},
): Promise<EntryOf["object"] | undefined> {
  const uri = depot.resolve(address);
  if (isFiltered && (await depot.exists(uri.endsWith("/") ? uri : `${uri}/`))) return undefined;
  if (isWholePlace(uri)) return undefined;
  const isFolder = address.endsWith("/") || address === "";
  const object = isFolder ? undefined : await depot.stat(address, { onError: "allow-missing" });
  if (object === undefined && !(await localFolders(depot, openNodeDisk())(address, "read"))) throw nothingAt(uri);
  return object;
}

export function nothingAt(uri: string): EntrepotError {
  return new EntrepotError("not-found", `there is nothing at ${uri}`, {
    uri,
    hint: "list the folder above it to see what is there",
  });
}
