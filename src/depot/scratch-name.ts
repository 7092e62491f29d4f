/**
 * What a temporary file for an object is called. It lies alone in a private folder, so the name cannot clash.
 */

/** The object's own name where a file may bear it, so that tools which go by name or suffix work. */
export function scratchName(key: string): string {
  const name = key.slice(key.lastIndexOf("/") + 1).replaceAll("\0", "_");
  if (name === "" || name === "." || name === "..") return "object";
  return Buffer.byteLength(name) <= 200 ? name : `object${/\.[A-Za-z0-9.]{1,40}$/.exec(name)?.[0] ?? ""}`;
}
