/**
 * The marks of pins: an empty file beside each entry that is wanted, so that whoever makes room sees it without reading a pin.
 * Correctness does not hang on them: without one an entry may go, and the pin says that it is missing.
 */
import { join } from "node:path";
import type { Disk, FolderEntry } from "../../disk/index.ts";
import { entryId, pinName, shardFolder } from "../layout.ts";
import { folderMode } from "../trust.ts";
import type { Pin, PinMember } from "./pin-format.ts";

/** The entry that stands for a member. */
export function entryOf({ identity, root }: Pick<Pin, "identity" | "root">, { key, versionId }: PinMember): string {
  return entryId(identity, root, key, versionId).hash;
}

/** Errors of the disk. */
export async function layMark({ disk, layout }: MarkPremises, entry: string, pin: string, mode: number): Promise<void> {
  const path = join(shardFolder(layout, entry), pinName(entry, pin));
  if ((await disk.stat(path)) !== undefined) return;
  await disk.writeFile(path, new Uint8Array(0), { mode, makeFolders: folderMode(mode) });
}

export async function liftMark({ disk, layout }: MarkPremises, entry: string, pin: string): Promise<void> {
  await disk.removeFile(join(shardFolder(layout, entry), pinName(entry, pin)));
}

export interface MarkPremises {
  readonly disk: Disk;
  readonly layout: string;
}

/** Whether any pin wants it. */
export async function isMarked({ disk, layout }: MarkPremises, entry: string): Promise<boolean> {
  const names = (await disk.readFolder(shardFolder(layout, entry))) ?? [];
  return names.some(({ name }) => name.startsWith(pinName(entry, "")));
}

/** What lies in the folder of pins. As a rule there is none, and every change and every eviction asks: then one look is enough. */
export async function pinFiles(disk: Disk, folder: string): Promise<readonly FolderEntry[]> {
  if ((await disk.stat(folder)) === undefined) return [];
  return (await disk.readFolder(folder)) ?? [];
}

/** The same by name, for the pins that there are: where a shard holds very many files it costs no more. */
export async function isPinned({ disk, layout }: MarkPremises, entry: string): Promise<boolean> {
  for (const { name } of await pinFiles(disk, join(layout, "pins"))) {
    if (!name.endsWith(".pin")) continue;
    const mark = join(shardFolder(layout, entry), pinName(entry, name.slice(0, -".pin".length)));
    if ((await disk.stat(mark)) !== undefined) return true;
  }
  return false;
}
