/** What is in the cache, with its state: all of it, what lies below an address, or one entry. Takes nothing away. */
import type { Disk } from "../../disk/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { isAt } from "../address.ts";
import type { EntryReader } from "../entry-reader.ts";
import { readName, shardFolder } from "../layout.ts";
import type { Leases } from "../leases.ts";
import { scan } from "../scan.ts";
import { sorted } from "../sorted.ts";
import { type KeptEntry, keptEntry } from "./kept-entry.ts";

export interface LookPremises {
  readonly disk: Disk;
  readonly layout: string;
  readonly shelf: { readonly reader: EntryReader; readonly leases: Leases; isUsable(): Promise<boolean> };
  /** For what is too much to hold. */
  readonly tempDir: () => Promise<string>;
}

/** In the order of the addresses' UTF-8 bytes; what is damaged is left out. Very many go through a temporary file. */
export function look(
  premises: LookPremises,
  address?: string,
  signal?: AbortSignal,
): AsyncGenerator<KeptEntry, void, undefined> {
  const { disk, tempDir: folder } = premises;
  return sorted(keptAt(premises, address, signal), { disk, folder, keyOf: ({ uri }) => uri, compare: compareKeys });
}

/** The same as they come. */
export async function* keptAt(
  { disk, layout, shelf }: LookPremises,
  address?: string,
  signal?: AbortSignal,
): AsyncGenerator<KeptEntry, void, undefined> {
  if (!(await shelf.isUsable())) return;
  const holders = await shelf.leases.holders();
  for await (const { entry, hasRecord, pinNames } of scan(disk, layout)) {
    signal?.throwIfAborted();
    if (!hasRecord) continue;
    const found = await shelf.reader.find(entry);
    if (typeof found === "string" || !isAt(found.record, address)) continue;
    yield keptEntry({ ...found, path: shelf.reader.dataPath(found.record), pinNames, holders });
  }
}

/** One entry by its hash; `undefined` when it is not here or not whole. */
export async function lookAt({ disk, layout, shelf }: LookPremises, entry: string): Promise<KeptEntry | undefined> {
  if (!(await shelf.isUsable())) return undefined;
  const found = await shelf.reader.find(entry);
  if (typeof found === "string" || (await shelf.reader.hasData(found.record)) !== true) return undefined;
  const names = ((await disk.readFolder(shardFolder(layout, entry))) ?? []).map(({ name }) => name);
  const pinNames = names.filter((name) => {
    const read = readName(name);
    return read?.kind === "pin" && read.entry === entry;
  });
  const path = shelf.reader.dataPath(found.record);
  return keptEntry({ ...found, path, pinNames, holders: await shelf.leases.holders() });
}
