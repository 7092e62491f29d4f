/** A folder of this disk, as a user names it: from the working folder, `~` the home folder, never under a root. */
import { fileURLToPath } from "node:url";
import type { Depot, LocalPath } from "../../depot/index.ts";
import { isLocalPath, isUri } from "../../uri/index.ts";

/** The absolute path, without a final `/`. TypeError for an address of another place. */
export function localFolder(data: Depot, path: LocalPath): string {
  if (path instanceof URL) return withoutSlash(fileURLToPath(path));
  if (isUri(path)) throw new TypeError(`${path.slice(0, 40)} is an address; a path of this disk is wanted here`);
  return withoutSlash(fileURLToPath(data.resolve(isLocalPath(path) ? path : `./${path}`)));
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
