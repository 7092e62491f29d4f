/** How much of a pin is here: each member's record and the length of its data are looked at, no byte is read, nothing is changed. */
import type { EntryReader } from "../entry-reader.ts";
import { entryId } from "../layout.ts";
import type { MaintenanceOptions } from "../maintain.ts";
import type { Usage } from "../usage.ts";
import { merged } from "./known.ts";
import type { PinFolder } from "./pin-folder.ts";
import { isMarker, type Pin, type PinMember } from "./pin-format.ts";
import { entryOf } from "./pin-marks.ts";

export interface Readiness {
  readonly total: Usage;
  readonly ready: Usage;
  /** Addresses of what is not here, the first of them in key order. */
  readonly missing: readonly string[];
}

export interface ReadinessOptions extends MaintenanceOptions {
  /** How many addresses of what is missing are given. */
  readonly mostMissing: number;
  /** Only keys that begin so. Default: all. */
  readonly prefix?: string | undefined;
}

/** Looked at side by side. */
const atOnce = 16;

/** `undefined` when the pin went. Error: integrity for a damaged pin. */
export async function readiness(
  pins: PinFolder,
  reader: EntryReader,
  pin: Pin,
  { mostMissing, prefix = "", signal }: ReadinessOptions,
): Promise<Readiness | undefined> {
  const file = await pins.open(pin.id);
  if (file === undefined) return undefined;
  const total = { objects: 0, sizeBytes: 0 };
  const ready = { objects: 0, sizeBytes: 0 };
  const missing: string[] = [];
  const look = async (members: readonly PinMember[]) => {
    signal?.throwIfAborted();
    const here = await Promise.all(members.map((member) => isReady(reader, pin, member)));
    for (const [index, member] of members.entries()) {
      count(total, member);
      if (here[index] === true) count(ready, member);
      else if (missing.length < mostMissing) missing.push(uriOf(pin, member));
    }
  };
  try {
    let batch: PinMember[] = [];
    const changes = (await pins.changes(pin.id)).filter(({ key }) => key.startsWith(prefix));
    for await (const member of merged(file.members(prefix), changes)) {
      if (isMarker(member)) continue;
      batch.push(member);
      if (batch.length < atOnce) continue;
      await look(batch);
      batch = [];
    }
    await look(batch);
    return { total, ready, missing };
  } finally {
    await file.close();
  }
}

/** The version that was listed, or one that the server confirmed after the listing. */
async function isReady(reader: EntryReader, pin: Pin, member: PinMember): Promise<boolean> {
  const found = await reader.find(entryOf(pin, member));
  if (typeof found === "string") return false;
  const { record } = found;
  if (record.info.etag !== member.etag && record.checkedMs < pin.listedMs) return false;
  return (await reader.hasData(record)) === true;
}

function uriOf({ identity, root }: Pin, { key, versionId }: PinMember): string {
  return entryId(identity, root, key, versionId).uri;
}

function count(amount: { objects: number; sizeBytes: number }, { sizeBytes }: PinMember): void {
  amount.objects += 1;
  amount.sizeBytes += sizeBytes;
}
