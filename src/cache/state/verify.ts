/** Reads every byte of every entry, says what is wrong with those that are not right, and takes them away where asked. */
import { join } from "node:path";
import { isAt } from "../address.ts";
import { recordName } from "../layout.ts";
import { verifyPieces } from "../ranges/verify-pieces.ts";
import type { EntryRecord } from "../record.ts";
import { type Scanned, scan } from "../scan.ts";
import type { Shelf } from "../shelf.ts";
import { sweep } from "../sweep.ts";
import type { Ownership } from "../trust.ts";
import { type Damage, type Diagnosis, diagnoseData, diagnoseRecord } from "./damage.ts";
import type { LookPremises } from "./look.ts";

export interface DamagedEntry {
  /** The hash under which it lies. */
  readonly entry: string;
  /** `undefined` when the record says nothing: then not even the address is known. */
  readonly uri: string | undefined;
  readonly etag: string | undefined;
  readonly sizeBytes: number;
  /** The file that is wrong. */
  readonly path: string;
  readonly damage: Damage;
  /** A clause in words, e.g. `"the file is gone"`. */
  readonly why: string;
  /** Whether a pin wants it kept. */
  readonly pinned: boolean;
  /** Whether it was taken away. What the disk does not let us read now stays: it may be right. */
  readonly removed: boolean;
}

export interface VerifyOptions {
  readonly repair?: boolean | undefined;
  /** Only what lies there. Default: everything, also what has no readable record. */
  readonly address?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of each entry when it has been read. */
  readonly onChecked?: ((uri: string | undefined, sizeBytes: number) => void) | undefined;
}

export interface VerifyReport {
  readonly checked: { readonly objects: number; readonly sizeBytes: number };
  readonly damaged: readonly DamagedEntry[];
}

export interface VerifyPremises extends LookPremises {
  readonly shelf: Shelf;
  readonly ownership: Ownership;
}

export async function verify(premises: VerifyPremises, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { disk, layout, shelf } = premises;
  const { repair = false, signal, onChecked } = options;
  const damaged: DamagedEntry[] = [];
  let objects = 0;
  let sizeBytes = 0;
  if (!(await shelf.isUsable())) return { checked: { objects, sizeBytes }, damaged };
  for await (const scanned of scan(disk, layout)) {
    signal?.throwIfAborted();
    const checked = scanned.hasRecord ? await check(premises, scanned, options) : undefined;
    if (checked === undefined) continue;
    objects += 1;
    if (checked.problem === undefined) sizeBytes += checked.sizeBytes;
    else damaged.push(await dealWith(premises, checked, repair));
    onChecked?.(checked.record?.uri, checked.sizeBytes);
  }
  // Of pieces only all can be asked for: they are found by their entries' hashes.
  const pieces = options.address === undefined ? await verifyPieces(premises, { repair, signal }) : undefined;
  if (repair) await sweep(premises);
  sizeBytes += pieces?.checked.sizeBytes ?? 0;
  return { checked: { objects, sizeBytes }, damaged: [...damaged, ...(pieces?.damaged ?? [])] };
}

interface Checked {
  readonly scanned: Scanned;
  readonly record: EntryRecord | undefined;
  readonly sizeBytes: number;
  readonly problem: Diagnosis | undefined;
}

/** `undefined` when it is gone, or lies elsewhere. */
async function check(
  { disk, shelf, ownership }: VerifyPremises,
  scanned: Scanned,
  { address, signal }: VerifyOptions,
): Promise<Checked | undefined> {
  const { entry, folder } = scanned;
  const found = await shelf.reader.find(entry);
  if (found === "none") return undefined;
  if (typeof found === "string") {
    // nobody knows of what object it was
    if (address !== undefined) return undefined;
    const problem = await diagnoseRecord(disk, folder, recordName(entry), entry, ownership);
    return { scanned, record: undefined, sizeBytes: 0, problem };
  }
  const { record } = found;
  if (!isAt(record, address)) return undefined;
  const problem = await diagnoseData(disk, shelf.reader, record, ownership, signal);
  // somebody replaced or removed it while it was being read: what is there now is another matter
  if (problem !== undefined && !(await isStillThere(shelf, record))) return undefined;
  return { scanned, record, sizeBytes: record.info.sizeBytes, problem };
}

async function isStillThere(shelf: Shelf, record: EntryRecord): Promise<boolean> {
  const now = await shelf.reader.find(record.entry);
  return typeof now === "object" && now.record.dataName === record.dataName;
}

async function dealWith(
  { shelf }: VerifyPremises,
  { scanned, record, sizeBytes, problem }: Checked,
  repair: boolean,
): Promise<DamagedEntry> {
  const { damage, why } = problem as Diagnosis;
  const { entry, folder, pinNames } = scanned;
  const takeAway = repair && damage !== "unreadable";
  if (takeAway) await (record === undefined ? shelf.forget(entry) : shelf.drop(record));
  return {
    entry,
    uri: record?.uri,
    etag: record?.info.etag,
    sizeBytes,
    path: record === undefined ? join(folder, recordName(entry)) : shelf.reader.dataPath(record),
    damage,
    why,
    pinned: pinNames.length > 0,
    removed: takeAway && (await shelf.reader.find(entry)) === "none",
  };
}
