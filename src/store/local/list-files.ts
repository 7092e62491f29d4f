/** A listing over files: the folder that a prefix points into, roll-up of folders that hold something. */
import { type Disk, safeJoin } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { ListEntry, ListSettings } from "../list-pages.ts";
import type { LeftOutFile } from "../listing.ts";
import { fileInfo } from "./file-version.ts";
import { atUri } from "./object-path.ts";
import { walk } from "./walk.ts";

/**
 * A missing folder, or a prefix that no file can have, lists nothing. Errors bear `uri`, the root's: those of the disk, and
 * unrepresentable-name for names that are no text.
 */
export async function* listFiles(
  disk: Disk,
  root: string,
  uri: string,
  { prefix, rollUp, startAfter, onLeftOut }: ListSettings & { readonly onLeftOut?: OnLeftOut },
): AsyncGenerator<ListEntry, void, undefined> {
  const folderKey = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const folder = folderOf(root, folderKey);
  if (folder === undefined) return;
  try {
    for await (const step of walk(disk, folder, folderKey, { prefix, startAfter, shallow: rollUp, onLeftOut })) {
      if (step.stat !== undefined) yield { object: fileInfo(step.key, step.stat) };
      else if (await holdsFile(disk, step.path, step.key, startAfter)) yield { folder: step.key };
    }
  } catch (error) {
    throw atUri(error, uri);
  }
}

type OnLeftOut = ((file: LeftOutFile) => void) | undefined;

/** Empty folders are what deleting leaves; in a bucket there would be nothing. */
async function holdsFile(disk: Disk, path: string, key: string, startAfter: string): Promise<boolean> {
  for await (const _ of walk(disk, path, key, { prefix: key, startAfter, shallow: false })) return true;
  return false;
}

function folderOf(root: string, key: string): string | undefined {
  try {
    return key === "" ? root : safeJoin(root, key.slice(0, -1));
  } catch (error) {
    if (isEntrepotError(error, "unsafe-key", "unrepresentable-name")) return undefined;
    throw error;
  }
}
