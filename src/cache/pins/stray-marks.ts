/** Marks that belong to nothing: what a process that was killed left. */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { type Scanned, scan } from "../scan.ts";
import type { Shelf } from "../shelf.ts";
import { strayAgeMs } from "../sweep.ts";
import type { PinFolder } from "./pin-folder.ts";
import { entryOf } from "./pin-marks.ts";

export interface MarkSweep {
  readonly disk: Disk;
  readonly layout: string;
  readonly shelf: Shelf;
  readonly pins: PinFolder;
}

/**
 * Takes away those that are old enough not to be of a pin that is only being made. Looks through everything. What the disk does not
 * let us see now is a warning.
 */
export async function sweepMarks(premises: MarkSweep, signal?: AbortSignal): Promise<void> {
  try {
    await sweepAll(premises, signal);
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    premises.shelf.warn(error);
  }
}

async function sweepAll({ disk, layout, shelf, pins }: MarkSweep, signal: AbortSignal | undefined): Promise<void> {
  if (!(await shelf.isUsable())) return;
  const straysOf = await strayMarks(pins);
  for await (const scanned of scan(disk, layout)) {
    signal?.throwIfAborted();
    for (const name of straysOf(scanned)) await shelf.removal.removeStray(join(scanned.folder, name), strayAgeMs);
  }
}

/**
 * Tells which marks of an entry belong to nothing: their pin is gone, or wants other objects by now. Holds eight bytes for each member of each
 * pin. A pin that cannot be read keeps its marks.
 */
async function strayMarks(pins: PinFolder): Promise<(scanned: Scanned) => string[]> {
  const wanted = new Map<string, Set<number> | undefined>();
  for (const id of await pins.ids()) {
    const entries = await wantedBy(pins, id);
    wanted.set(id, entries);
  }
  return ({ entry, pinNames }) =>
    pinNames.filter((name) => {
      const id = name.slice(entry.length + 1);
      if (!wanted.has(id)) return true;
      return wanted.get(id)?.has(shortened(entry)) === false;
    });
}

async function wantedBy(pins: PinFolder, id: string): Promise<Set<number> | undefined> {
  const file = await pins.open(id);
  if (file === undefined) return undefined;
  const entries = new Set<number>();
  try {
    for await (const member of file.members()) entries.add(shortened(entryOf(file.pin, member)));
    for (const { member } of await pins.changes(id))
      if (member !== undefined) entries.add(shortened(entryOf(file.pin, member)));
    return entries;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Two entries may share it; one of them then keeps a mark that it need not have. */
function shortened(entry: string): number {
  return Number.parseInt(entry.slice(0, 12), 16);
}
