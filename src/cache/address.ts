/** What an address means among the entries. Pure. */
import type { EntryRecord } from "./record.ts";

/** Whether an entry is the object (or a version of it) at `address`, or lies in the folder there: `run1` is not `run10/`. */
export function isAt({ uri, info }: Pick<EntryRecord, "uri" | "info">, address: string | undefined): boolean {
  if (address === undefined || uri === address) return true;
  if (uri.startsWith(address.endsWith("/") ? address : `${address}/`)) return true;
  // A version's own part of the address comes after the key.
  return uri.startsWith(`${address}?versionId=`) && !uri.endsWith(`/${info.key}`);
}
