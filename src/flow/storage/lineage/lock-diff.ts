/** Why two runs may differ: what one of them read and the other one did not, or not in the same version. */

import { compareKeys } from "../../../uri/index.ts";
import { type InputsLock, type LockedInput, nameOfInput, questionInWords } from "./inputs-lock.ts";

/** One input that is not the same in both. */
export interface LockDifference {
  readonly uri: string;
  readonly before: LockedInput | undefined;
  readonly after: LockedInput | undefined;
  /** In words. */
  readonly why: string;
}

export interface LockDiff {
  /** Nothing differs that is known of the inputs: where the runs differ, it is for their code or their settings. */
  readonly same: boolean;
  /** By address. */
  readonly differences: readonly LockDifference[];
  /** How many inputs are in both, and the same. */
  readonly unchanged: number;
}

export function lockDiff(before: InputsLock, after: InputsLock): LockDiff {
  const [one, other] = [byName(before), byName(after)];
  const differences: LockDifference[] = [];
  for (const name of [...new Set([...one.keys(), ...other.keys()])].sort(compareKeys)) {
    const [was, is] = [one.get(name), other.get(name)];
    const uri = (is ?? was)?.uri ?? "";
    const why = difference(was, is);
    if (why !== undefined) differences.push({ uri, before: was, after: is, why });
  }
  const unchanged = [...one.keys()].filter((name) => other.has(name)).length - differences.filter(isInBoth).length;
  return { same: differences.length === 0, differences, unchanged };
}

function byName({ inputs }: InputsLock): ReadonlyMap<string, LockedInput> {
  return new Map(inputs.map((read) => [nameOfInput(read), read]));
}

function isInBoth({ before, after }: LockDifference): boolean {
  return before !== undefined && after !== undefined;
}

function difference(was: LockedInput | undefined, is: LockedInput | undefined): string | undefined {
  if (was === undefined) return `read only by the second: ${inWords(is)}`;
  if (is === undefined) return `read only by the first: ${inWords(was)}`;
  if (was.kind === "absent" && is.kind === "absent") return undefined;
  if (was.kind === "absent") return `was not there, and is: ${inWords(is)}`;
  if (is.kind === "absent") return `was there, and is not any more: ${inWords(was)}`;
  if (was.kind === "listing" || is.kind === "listing") return was.kind === is.kind ? ofListings(was, is) : undefined;
  const { checksum } = was;
  if (checksum !== undefined && is.checksum !== undefined && was.sizeBytes === is.sizeBytes)
    return checksum === is.checksum ? undefined : `other bytes, ${sizes(was.sizeBytes, is.sizeBytes)}`;
  if (was.etag !== undefined && was.etag === is.etag) return undefined;
  const versions = was.versionId === is.versionId ? "" : `, version ${was.versionId ?? "–"} → ${is.versionId ?? "–"}`;
  return `another version, ${sizes(was.sizeBytes, is.sizeBytes)}, ETag ${was.etag ?? "–"} → ${is.etag ?? "–"}${versions}`;
}

function ofListings(was: LockedInput, is: LockedInput): string | undefined {
  if (was.kind !== "listing" || is.kind !== "listing" || was.digest === is.digest) return undefined;
  const counts = was.entries === is.entries ? `${is.entries} entries` : `${was.entries} → ${is.entries} entries`;
  return `${questionInWords(is)}: other entries, or other versions of them, ${counts}`;
}

function sizes(was: number, is: number): string {
  return was === is ? `${is} bytes` : `${was} → ${is} bytes`;
}

function inWords(read: LockedInput | undefined): string {
  if (read === undefined || read.kind === "absent") return "nothing was there";
  if (read.kind === "listing") return `${questionInWords(read)}, ${read.entries} entries`;
  return `${read.sizeBytes} bytes${read.etag === undefined ? "" : `, ETag ${read.etag}`}`;
}
