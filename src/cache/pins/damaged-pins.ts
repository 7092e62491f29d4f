/** Pins that cannot be read: nobody knows any more what they keep, so they are told like damaged copies, and go with a repair. */
import type { Shelf } from "../shelf.ts";
import type { DamagedEntry, VerifyOptions } from "../state/verify-report.ts";
import type { PinFolder } from "./pin-folder.ts";

/** Reads all of every pin. Their addresses are not known, so none lies at an `address`. Errors of the disk. */
export async function verifyPins(
  pins: PinFolder,
  shelf: Shelf,
  { address, repair = false, signal }: VerifyOptions = {},
): Promise<DamagedEntry[]> {
  const damaged: DamagedEntry[] = [];
  if (address !== undefined || !(await shelf.isUsable())) return damaged;
  for (const id of await pins.ids()) {
    const problem = await pins.problemOf(id, signal);
    if (problem === undefined) continue;
    const isDamaged = problem.code === "integrity";
    damaged.push({
      entry: id,
      uri: undefined,
      etag: undefined,
      sizeBytes: 0,
      path: pins.pathOf(id),
      damage: isDamaged ? "bytes-differ" : "unreadable",
      why: isDamaged
        ? "the list of a pin is not what was written: pin again what is to be kept"
        : `the list of a pin cannot be read now: ${problem.message}`,
      pinned: false,
      removed: repair && isDamaged && (await isRemoved(pins, shelf, id)),
    });
  }
  return damaged;
}

async function isRemoved(pins: PinFolder, shelf: Shelf, id: string): Promise<boolean> {
  return pins.remove(id).then(
    () => true,
    (error) => {
      shelf.warn(error);
      return false;
    },
  );
}
