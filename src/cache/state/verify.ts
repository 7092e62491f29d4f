/** Reads every byte of every entry, says what is wrong with those that are not right, and takes them away where asked. */
import { join } from "node:path";
import { isAt } from "../address.ts";
import { recordName } from "../layout.ts";
import type { EntryRecord } from "../record.ts";
import { type Scanned, scan } from "../scan.ts";
import type { Shelf } from "../shelf.ts";
import { sweep } from "../sweep.ts";
import type { Ownership } from "../trust.ts";
import { type Diagnosis, diagnoseData, diagnoseRecord } from "./damage.ts";
import type { LookPremises } from "./look.ts";
import { verifyPieces } from "./verify-pieces.ts";
import type { DamagedEntry, VerifyOptions, VerifyReport } from "./verify-report.ts";

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
    const pieces = await verifyPieces(shelf, scanned, options);
    sizeBytes += pieces.sizeBytes;
    damaged.push(...pieces.damaged);
    const checked = scanned.hasRecord ? await check(premises, scanned, options) : undefined;
    if (checked === undefined) continue;
    objects += 1;
    if (checked.problem === undefined) sizeBytes += checked.sizeBytes;
    else damaged.push(await dealWith(premises, checked, repair));
    onChecked?.(checked.record?.uri, checked.sizeBytes);
  }
  if (repair) await sweep(premises);
  return { checked: { objects, sizeBytes }, damaged };
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
