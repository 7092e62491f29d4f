/**
 * The names that an entry may bear, the one place where this is decided: never one that leaves the folder, here or on a disk where `\`
 * separates or `C:` names a drive.
 */
import { safeJoin } from "../disk/index.ts";
import { isEntrepotError } from "../error/index.ts";
import { archiveError, shownName } from "./archive-error.ts";

/** Longer names are refused before anything is made of them. */
export const longestName = 4096;

/**
 * The path of an entry as it is written below a folder: without the `./` before and the `/` after it that many archives have;
 * `""` for the folder itself. Errors: unsafe-key, unrepresentable-name.
 */
export function entryPath(name: string, uri: string): string {
  const refuse = (code: "unsafe-key" | "unrepresentable-name", why: string) =>
    archiveError(code, uri, `the archive ${uri} has an entry ${shownName(name)}, which ${why}; nothing was unpacked`);
  if (name.includes("\0")) throw refuse("unsafe-key", "holds a NUL character");
  if (name.includes("\\")) throw refuse("unsafe-key", "holds a backslash, which separates folders on Windows");
  if (/^[A-Za-z]:/.test(name)) throw refuse("unsafe-key", "names a drive");
  if (name.startsWith("/")) throw refuse("unsafe-key", "is absolute");
  const path = name.replace(/^(?:\.\/)+/, "").replace(/\/$/, "");
  if (path === "." || (path === "" && name !== "")) return "";
  if (path.split("/").includes("..")) throw refuse("unsafe-key", "goes up by ..");
  if (Buffer.byteLength(path) > longestName) throw refuse("unrepresentable-name", "is too long");
  if (isOurs(path)) throw refuse("unsafe-key", "bears a name that entrepot keeps for its own files");
  try {
    safeJoin("/", path);
  } catch (error) {
    if (isEntrepotError(error, "unsafe-key")) throw refuse("unsafe-key", "leads out of the target");
    if (isEntrepotError(error, "unrepresentable-name")) throw refuse("unrepresentable-name", "no file can be called");
    throw error;
  }
  return path;
}

/** Files on their way have such names: one in an archive could stand for another. */
function isOurs(path: string): boolean {
  return path.split("/").some((segment) => /^\.entrepot-[0-9a-f]{32}\./.test(segment));
}
