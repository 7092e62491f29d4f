/** A file where the folder of a copy is to be: found before anything is written, it is one error instead of one for each object. */
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";

/** Error: unrepresentable-name when `folder` (absolute), or what it is to lie in, is a file. */
export async function assertNoFileInTheWay(disk: Disk, folder: string): Promise<void> {
  let at = folder;
  let stat = await disk.stat(at, { followLinks: true });
  while (stat === undefined && dirname(at) !== at) {
    at = dirname(at);
    stat = await disk.stat(at, { followLinks: true });
  }
  if (stat === undefined || stat.kind === "folder") return;
  const { href: uri } = pathToFileURL(at);
  throw new EntrepotError("unrepresentable-name", `${uri} cannot be a folder: a file bears its name`, {
    uri,
    hint: "name another target, or move that file away; nothing was changed",
  });
}
