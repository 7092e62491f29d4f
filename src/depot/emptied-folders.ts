/**
 * Folders of this disk that lose their last file to a move, a sync or a removal, and go with it: those below the folder that was named,
 * never one that was empty before or that holds anything. The named one itself goes only where it was to be removed.
 */
import { dirname } from "node:path";
import type { Disk } from "../disk/index.ts";
import { isEntrepotError } from "../error/index.ts";
import { removeEmptyFolders } from "../store/index.ts";
import { type CarrySettings, carryOut, type FileResult, type Item, type TransferReport } from "../transfer/index.ts";
import type { Context, Place } from "./context.ts";

/** What is asked of one call. */
export interface Emptying {
  /** What was named; only a folder of this disk is looked at. */
  readonly place: Place | undefined;
  readonly keepEmptyFolders?: boolean | undefined;
  /** Whether all of it was to go, the named folder and those that were empty included. Default false. */
  readonly isWhole?: boolean | undefined;
}

const choosing = ["match", "include", "exclude", "minSize", "maxSize", "newerThan", "olderThan", "markers"];

/** Whether the options of a removal choose nothing out of what was named. */
export function isWhole(options: object): boolean {
  return choosing.every((name) => (options as Readonly<Record<string, unknown>>)[name] === undefined);
}

/** `carryOut`, and then the folders that it emptied. Those that cannot be removed stay; errors are those of `carryOut`. */
export async function carryOutAndTidy(
  context: Context,
  items: AsyncIterable<Item>,
  settings: CarrySettings,
  { place, keepEmptyFolders = false, isWhole = false }: Emptying,
): Promise<TransferReport> {
  const { dryRun = false, move = false, signal } = settings;
  const isFolder = place?.location.scheme === "file" && (place.key === "" || place.key.endsWith("/"));
  if (!isFolder || keepEmptyFolders || dryRun) return carryOut(items, settings);
  const root = `/${place.key}`.replace(/\/+$/, "");
  const emptied = new Set<string>();
  const onFile = (file: FileResult): void => {
    const isGone = file.status === "done" && (file.action === "remove" || (move && file.action === "copy"));
    const location = isGone ? context.locate(file.uri, "write") : undefined;
    if (location?.scheme === "file") emptied.add(dirname(location.path));
    settings.onFile?.(file);
  };
  try {
    return await carryOut(items, { ...settings, onFile });
  } finally {
    if (signal?.aborted !== true) {
      for (const folder of emptied) await tidy(context.disk, folder, root);
      if (isWhole) await removeWhole(context, root);
    }
  }
}

/** Up to the root, which stays. */
async function tidy(disk: Disk, folder: string, root: string): Promise<void> {
  for (let at = folder; at.startsWith(`${root}/`) && (await isRemoved(disk, at)); at = dirname(at));
}

async function isRemoved(disk: Disk, folder: string): Promise<boolean> {
  try {
    await disk.removeFolder(folder);
    return true;
  } catch (error) {
    if (isEntrepotError(error)) return false;
    throw error;
  }
}

/** The working folder, and what holds it, is what the program stands on; a link is not the folder that it leads to. */
async function removeWhole({ disk, settings: { workingFolder } }: Context, root: string): Promise<void> {
  if (root === "" || `${workingFolder}/`.startsWith(`${root}/`)) return;
  try {
    if ((await disk.stat(root))?.kind === "folder") await removeEmptyFolders(disk, root);
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
  }
}
