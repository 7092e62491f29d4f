/**
 * Names in the cache folder: hashes, never keys. In `objects/v1/<2 hex>/`, `<hash>.json` is a record, `<hash>-<version><suffix>`
 * its data, `<hash>+<version>.<first>-<count>` a piece of a version that is not here whole, `<hash>@<pin>` a mark. Pure.
 */
import { hash } from "node:crypto";
import { join } from "node:path";

/** The folder of this layout under the cache root; another layout gets another one. */
export function layoutFolder(root: string): string {
  return join(root, "objects", "v1");
}

/** What stands for one object (or one version of it) of one store. */
export interface EntryId {
  /** 64 hexadecimal digits. */
  readonly hash: string;
  readonly uri: string;
  readonly key: string;
  readonly versionId: string | undefined;
  /** A version that can never change, so that it is never asked about again. S3's version `null` can. */
  readonly immutable: boolean;
}

/** `identity` says which store and as whom (scheme, origin, bucket, anonymous or signed …); its order counts. */
export function entryId(identity: readonly string[], root: string, key: string, versionId?: string): EntryId {
  return {
    hash: hash("sha256", JSON.stringify([identity, key, versionId ?? null])),
    uri: `${root}${key}${versionId === undefined ? "" : `?versionId=${versionId}`}`,
    key,
    versionId,
    immutable: isFixedVersion(versionId),
  };
}

/** S3's version `null` is whatever was written last without versioning. */
export function isFixedVersion(versionId: string | undefined): boolean {
  return versionId !== undefined && versionId !== "null";
}

/** Under which name an entry's record lies in its shard. */
export function recordName(entry: string): string {
  return `${entry}.json`;
}

/** Under which name one version's bytes lie: with the suffix of the key, by which programs know a format. */
export function dataName(entry: string, version: string, key: string): string {
  return `${entry}-${versionDigest(version)}${suffixOf(key)}`;
}

/** The folder in which an entry's files lie. */
export function shardFolder(layout: string, entry: string): string {
  return join(layout, entry.slice(0, 2));
}

const suffix = /[^.]((?:\.[\w-]{1,16})?\.(?:gz|bz2|xz|zst|lz4|Z)|\.[\w-]{1,16})$/;

/** `.csv`, `.csv.gz`, or `""` when the last segment has none that every disk can hold. */
export function suffixOf(key: string): string {
  return suffix.exec(key.slice(key.lastIndexOf("/") + 1))?.[1] ?? "";
}

/** What a name in a shard is for. */
export interface ShardName {
  readonly entry: string;
  readonly kind: "record" | "data" | "range" | "pin";
}

const shardName =
  /^([0-9a-f]{64})(?:(\.json)|(-[0-9a-f]{16}(?:\.[\w-]+){0,2})|(\+[0-9a-f]{16}\.\d{1,15}-\d{1,15})|(@[0-9a-f]{16}))$/;

/** `undefined` when this layout does not give such names. */
export function readName(name: string): ShardName | undefined {
  const [, entry, record, data, range, pin] = shardName.exec(name) ?? [];
  if (entry === undefined) return undefined;
  if (record !== undefined) return { entry, kind: "record" };
  if (data !== undefined) return { entry, kind: "data" };
  if (range !== undefined) return { entry, kind: "range" };
  return pin === undefined ? undefined : { entry, kind: "pin" };
}

/** A piece of one version: bytes from block `first` on, `count` blocks. It stands for itself, and may go at any time. */
export function rangeName(entry: string, version: string, first: number, count: number): string {
  return `${entry}+${versionDigest(version)}.${first}-${count}`;
}

/** What the name of a piece says. */
export interface RangeName {
  readonly entry: string;
  /** `versionDigest` of its ETag. */
  readonly digest: string;
  readonly first: number;
  readonly count: number;
}

/** `undefined` when it is not the name of a piece. */
export function readRangeName(name: string): RangeName | undefined {
  if (readName(name)?.kind !== "range") return undefined;
  const [first, count] = name.slice(82).split("-").map(Number);
  return { entry: name.slice(0, 64), digest: name.slice(65, 81), first: first ?? 0, count: count ?? 0 };
}

/** What stands for a version in names. */
export function versionDigest(version: string): string {
  return hash("sha256", version).slice(0, 16);
}

/** An empty file that keeps an entry from being evicted; `pin` names who wants that, 16 hexadecimal digits. */
export function pinName(entry: string, pin: string): string {
  return `${entry}@${pin}`;
}
