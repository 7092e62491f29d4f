/** Whether a disk takes `A` for `a`: it is asked, because the same system has disks of both kinds. */
import { basename, dirname, join } from "node:path";
import { type Disk, isReservedName } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

interface Question {
  /** Where files are going to be; it need not exist. */
  readonly folder: string;
  /** Whether a temporary file may be made for a moment: the only way to know it of this very folder. */
  readonly mayWrite: boolean;
}

/** Asks the nearest folder that exists, whose ways new ones inherit. One that tells nothing is taken for one that tells all names apart. */
export async function isCaseBlind(disk: Disk, { folder, mayWrite }: Question): Promise<boolean> {
  const nearest = await nearestFolder(disk, folder);
  if (!mayWrite) return isBlindTo(disk, nearest);
  try {
    const pending = await disk.createPending(nearest);
    try {
      return (await disk.stat(join(nearest, basename(pending.path).toUpperCase()))) !== undefined;
    } finally {
      await pending.discard();
    }
  } catch (error) {
    // what may not be written to says so itself, when it is written to
    if (isEntrepotError(error)) return isBlindTo(disk, nearest);
    throw error;
  }
}

async function nearestFolder(disk: Disk, folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    if ((await disk.stat(at, { followLinks: true }))?.kind === "folder" || dirname(at) === at) return at;
  }
}

/** Goes by names that are there: one in the folder, else its own, where that belongs to the same disk. */
async function isBlindTo(disk: Disk, folder: string): Promise<boolean> {
  const names = ((await disk.readFolder(folder).catch(() => undefined)) ?? []).map(({ name }) => name);
  const known = names.find((name) => !isReservedName(name) && otherCase(name) !== name);
  if (known !== undefined) return !names.includes(otherCase(known)) && (await isSame(disk, folder, known));
  const above = dirname(folder);
  const [here, there] = [await disk.stat(folder), await disk.stat(above)];
  return here?.device === there?.device && (await isSame(disk, above, basename(folder)));
}

async function isSame(disk: Disk, folder: string, name: string): Promise<boolean> {
  if (otherCase(name) === name) return false;
  const [one, other] = [await disk.stat(join(folder, name)), await disk.stat(join(folder, otherCase(name)))];
  return one !== undefined && one.inode === other?.inode && one.device === other.device;
}

function otherCase(name: string): string {
  return name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
}
