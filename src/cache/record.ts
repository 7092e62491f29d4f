/**
 * What the cache knows of one entry, as the text of its record file. A record that does not parse, does not match its
 * own checksum or stands for another entry is no record: nothing in it is believed.
 */
import type { FileStat } from "../disk/index.ts";
import type { ObjectInfo, ReadResult } from "../store/index.ts";
import { bytesName } from "./blocks.ts";
import { checkedJson } from "./checked-json.ts";
import { readName } from "./layout.ts";
import type { Answered } from "./locks/answered.ts";

/** The state of a file; it moves with every write, rename and chmod. */
export interface Fingerprint {
  readonly inode: string;
  readonly sizeBytes: number;
  readonly modifiedNs: string;
  readonly changedNs: string;
}

/** On which machine, since which start of it, the bytes were last known to be on the disk as they should. */
export interface Witness {
  readonly bootId: string;
  readonly host: string;
}

export interface EntryRecord {
  readonly entry: string;
  readonly uri: string;
  readonly info: ObjectInfo;
  readonly verified: ReadResult["verified"];
  /** False when the entry is our own write: what the server adds (its time, a default content type) is not known. */
  readonly complete: boolean;
  /** Something newer is known to exist, or may: no age makes this fresh. */
  readonly expired: boolean;
  readonly fetchedMs: number;
  /** When the server last said that this is the current version; may lag by a minute. */
  readonly checkedMs: number;
  /** When the server began to give these bytes, for others who were waiting for them then. */
  readonly answered?: Answered | undefined;
  readonly dataName: string;
  /** Absent for a large object whose pieces came side by side: then the blocks alone say what its bytes are. */
  readonly sha256?: string | undefined;
  /** The CRC-32 of each block of the data, 8 hexadecimal digits each. */
  readonly blocks: string;
  readonly file: Fingerprint;
  readonly witness: Witness;
}

const document = checkedJson("record");

/** The state of a file that lets its bytes be trusted without reading them. */
export function fingerprint(stat: FileStat): Fingerprint {
  return {
    inode: String(stat.inode),
    sizeBytes: stat.sizeBytes,
    modifiedNs: String(stat.modifiedNs),
    changedNs: String(stat.changedNs),
  };
}

/** Whether a file is still in the state that was recorded. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return (
    a.inode === b.inode && a.sizeBytes === b.sizeBytes && a.modifiedNs === b.modifiedNs && a.changedNs === b.changedNs
  );
}

/** Whether two records are of one download, whatever was learnt about it since. */
export function isSameDownload(a: EntryRecord, b: EntryRecord): boolean {
  return a.info.etag === b.info.etag && bytesName(a) === bytesName(b) && a.fetchedMs === b.fetchedMs;
}

export function formatRecord(record: EntryRecord): Uint8Array {
  return document.format(record);
}

/** The record of `entry`, or `undefined` for anything else. */
export function parseRecord(bytes: Uint8Array, entry: string): EntryRecord | undefined {
  const record = document.parse(bytes);
  return isRecord(record) && record.entry === entry ? record : undefined;
}

function isRecord(value: unknown): value is EntryRecord {
  if (!isObject(value) || !isObject(value.info) || !isObject(value.file) || !isObject(value.witness)) {
    return false;
  }
  const { info, file, witness } = value;
  const texts = [value.entry, value.uri, value.dataName, value.sha256 ?? "", value.blocks, info.key];
  const states = [file.inode, file.modifiedNs, file.changedNs, witness.bootId, witness.host];
  const numbers = [value.fetchedMs, value.checkedMs, info.modifiedMs, info.sizeBytes, file.sizeBytes];
  if (![...texts, ...states].every((text) => typeof text === "string") || !numbers.every(Number.isFinite)) return false;
  // The name becomes a path: it must be one that this layout gives, and of this very entry.
  const named = readName(String(value.dataName));
  return (
    typeof info.etag === "string" &&
    info.etag !== "" &&
    typeof value.complete === "boolean" &&
    typeof value.expired === "boolean" &&
    (value.verified === "checksum" || value.verified === "length") &&
    named?.kind === "data" &&
    named.entry === value.entry
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
