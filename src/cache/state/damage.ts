/** Why a copy is not what was stored, in words. Reads what was found wrong once more, and changes nothing. */
import { join } from "node:path";
import type { Disk, FileStat } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { EntryReader } from "../entry-reader.ts";
import { DamagedCopy } from "../local-copy.ts";
import { type EntryRecord, parseRecord } from "../record.ts";
import { isOurs, type Ownership } from "../trust.ts";

/** `"unreadable"` is the disk's or the machine's failure: the copy may be right. */
export type Damage =
  | "missing"
  | "no-file"
  | "foreign-owner"
  | "several-names"
  | "too-short"
  | "too-long"
  | "bytes-differ"
  | "no-record"
  | "other-record"
  | "unreadable";

export interface Diagnosis {
  readonly damage: Damage;
  /** A clause, e.g. `"3 of 10 bytes are there"`. */
  readonly why: string;
}

/** `undefined` when all bytes of a record are there and right. All of them are read. Aborts reject. */
export async function diagnoseData(
  disk: Disk,
  reader: EntryReader,
  record: EntryRecord,
  ownership: Ownership,
  signal: AbortSignal | undefined,
): Promise<Diagnosis | undefined> {
  const path = reader.dataPath(record);
  const copy = await reader.open(record);
  if (copy === "unreadable") return { damage: "unreadable", why: "the disk does not let us read it now" };
  if (typeof copy !== "string") {
    try {
      await copy.deliver({ start: 0, end: copy.info.sizeBytes }, () => signal?.throwIfAborted());
      return undefined;
    } catch (error) {
      if (!(error instanceof DamagedCopy)) throw error;
      const reason = unreadable(error.cause);
      if (reason !== undefined) return { damage: "unreadable", why: reason };
    } finally {
      await copy.release();
    }
  }
  const found = await statOf(disk, path);
  if (typeof found === "string") return { damage: "unreadable", why: found };
  const odd = oddFile(found, ownership);
  if (odd !== undefined) return odd;
  const { sizeBytes } = record.info;
  const has = found?.sizeBytes ?? 0;
  const counts = `${has.toLocaleString("en-US")} bytes instead of ${sizeBytes.toLocaleString("en-US")}`;
  if (has < sizeBytes) return { damage: "too-short", why: `the file is too short: ${counts}` };
  if (has > sizeBytes) return { damage: "too-long", why: `the file is too long: ${counts}` };
  return { damage: "bytes-differ", why: "its bytes are not those that were fetched" };
}

/** Why a record is none. */
export async function diagnoseRecord(
  disk: Disk,
  folder: string,
  name: string,
  entry: string,
  ownership: Ownership,
): Promise<Diagnosis> {
  const found = await statOf(disk, join(folder, name));
  if (typeof found === "string") return { damage: "unreadable", why: found };
  const odd = oddFile(found, ownership);
  if (odd !== undefined) return { ...odd, why: `its record: ${odd.why}` };
  const other = await disk.readFile(join(folder, name)).then(
    ({ bytes }) => parseRecord(bytes, entryIn(bytes) ?? entry),
    () => undefined,
  );
  if (other !== undefined && other.entry !== entry)
    return { damage: "other-record", why: `its record is that of ${other.uri}` };
  return { damage: "no-record", why: "its record cannot be read: it is cut, changed, or of another format" };
}

function entryIn(bytes: Uint8Array): string | undefined {
  return /"entry":"([0-9a-f]{64})"/.exec(new TextDecoder().decode(bytes.subarray(0, 4096)))?.[1];
}

function oddFile(stat: FileStat | undefined, ownership: Ownership): Diagnosis | undefined {
  if (stat === undefined) return { damage: "missing", why: "the file is gone" };
  if (stat.kind !== "file") {
    const kind = stat.kind === "folder" ? "a folder" : "a link or a device";
    return { damage: "no-file", why: `there is ${kind} in place of the file` };
  }
  if (!isOurs(stat, ownership))
    return { damage: "foreign-owner", why: `the file belongs to another user (${stat.uid})` };
  if (stat.links !== 1) return { damage: "several-names", why: `the file has ${stat.links} names (hard links)` };
  return undefined;
}

async function statOf(disk: Disk, path: string): Promise<FileStat | undefined | string> {
  try {
    return await disk.stat(path);
  } catch (error) {
    if (isEntrepotError(error)) return error.message;
    throw error;
  }
}

/** What a failed read says of the machine, not of the file. */
function unreadable(error: unknown): string | undefined {
  return isEntrepotError(error, "busy", "forbidden") ? error.message : undefined;
}
