/** One copy with everything that decides what becomes of it: facts, not verdicts. */
import { basename } from "node:path";
import type { ReadResult } from "../../store/index.ts";
import { isFixedVersion } from "../layout.ts";
import type { CopyHolder } from "../leases.ts";
import type { EntryRecord } from "../record.ts";
import { inUse } from "../this-process.ts";

export interface KeptEntry {
  /** The hash under which it lies. */
  readonly entry: string;
  readonly uri: string;
  readonly etag: string;
  readonly sizeBytes: number;
  readonly path: string;
  readonly usedMs: number;
  readonly checkedMs: number;
  readonly fetchedMs: number;
  readonly versionId: string | undefined;
  /** A version that can never change, so that nobody asks about it. */
  readonly isFixed: boolean;
  /** Something newer is known to exist, or may. */
  readonly isOvertaken: boolean;
  /** False for an own write of which the server's words are not known. */
  readonly isComplete: boolean;
  readonly verified: ReadResult["verified"];
  /** The ids of pins that want it kept. */
  readonly pinIds: readonly string[];
  readonly holders: readonly CopyHolder[];
  /** Whether this process reads or holds it. */
  readonly isInUseHere: boolean;
}

export interface KeptFacts {
  readonly record: EntryRecord;
  readonly path: string;
  readonly usedMs: number;
  readonly pinNames: readonly string[];
  readonly holders: ReadonlyMap<string, readonly CopyHolder[]>;
}

export function keptEntry({ record, path, usedMs, pinNames, holders }: KeptFacts): KeptEntry {
  const { entry, uri, info, checkedMs, fetchedMs, verified } = record;
  const versionId = versionOf(record);
  return {
    entry,
    uri,
    etag: info.etag,
    sizeBytes: info.sizeBytes,
    path,
    usedMs,
    checkedMs,
    fetchedMs,
    versionId,
    isFixed: isFixedVersion(versionId),
    isOvertaken: record.expired,
    isComplete: record.complete,
    verified,
    pinIds: pinNames.map((name) => name.slice(name.indexOf("@") + 1)),
    holders: holders.get(basename(path)) ?? [],
    isInUseHere: inUse.has(path),
  };
}

/** The one that was asked for: part of the address, after the key. */
function versionOf({ uri, info }: EntryRecord): string | undefined {
  const mark = "?versionId=";
  const at = uri.lastIndexOf(mark);
  return at === -1 || uri.endsWith(`/${info.key}`) ? undefined : uri.slice(at + mark.length);
}
