/** Files that say how to do something lie on this disk, wherever bare names of data lead. */
import path from "node:path";
import { pathToFileURL } from "node:url";

/** An address with a scheme as it is; else the file of this path. */
export function fileOrAddress(text: string): string | URL {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : pathToFileURL(path.resolve(text));
}
