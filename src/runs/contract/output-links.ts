/**
 * A link in a folder of outputs is no output: it would give away what whoever looks at it may read, and the program may not. In a bucket
 * there are none.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { openNodeDisk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";

/** Whether this address is a link of this disk. */
export async function isLink(uri: string): Promise<boolean> {
  return uri.startsWith("file:") && isLinkAt(fileURLToPath(uri).replace(/\/+$/, ""));
}

/** Error: changed where the output `path` at `uri`, a folder above it or the folder of the attempt is a link by now. */
export async function refuseLinks({ uri, path }: { readonly uri: string; readonly path: string }): Promise<void> {
  if (!uri.startsWith("file:")) return;
  const file = fileURLToPath(uri);
  const levels = file.endsWith(`/${path}`) ? path.split("/").length + 1 : 1;
  let at = file;
  for (let level = 0; level < levels; level += 1, at = dirname(at))
    if (await isLinkAt(at))
      throw new EntrepotError("changed", "A link is no output, and is not followed", {
        uri,
        hint: "have the program copy the file into its folder, and run the policy again",
      });
}

/** Or a device, a pipe or a socket, which no output is either. */
async function isLinkAt(path: string): Promise<boolean> {
  return (await openNodeDisk().stat(path))?.kind === "other";
}
