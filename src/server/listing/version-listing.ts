/**
 * One page of all versions of all keys: keys in order, within each the newest first, delete markers among the others. Pure; a
 * page costs its length, and the versions of the key with which it begins.
 */

import { bothInOrder } from "../storage/both-in-order.ts";
import type { VersionRecord } from "../storage/records.ts";
import type { KeysInOrder } from "../storage/sorted-keys.ts";
import { listPage, type Position } from "./listing.ts";

export interface VersionsQuestion {
  readonly prefix: string;
  /** `""` for none. */
  readonly delimiter: string;
  /** Keys behind this. */
  readonly after: Position | undefined;
  /** Before those, what is older of one key than this place. */
  readonly rest: { readonly key: string; readonly olderThan: number } | undefined;
  /** Versions and common prefixes together. */
  readonly limit: number;
}

/** What there is to list. */
export interface VersionSource {
  readonly keys: KeysInOrder;
  readonly hiddenKeys: KeysInOrder;
  /** Oldest first. */
  readonly versions: (key: string) => readonly VersionRecord[];
}

export type VersionItem = { readonly version: VersionRecord; readonly isLatest: boolean } | { readonly prefix: string };

export interface VersionsPage {
  readonly items: readonly VersionItem[];
  readonly isTruncated: boolean;
}

export function listVersions(source: VersionSource, question: VersionsQuestion): VersionsPage {
  const { prefix, delimiter, after, limit, rest } = question;
  if (limit <= 0) return { items: [], isTruncated: false };
  const items: VersionItem[] = [];
  // One more than fits tells whether there are more.
  const isFull = () => items.length > limit;
  const take = (key: string, olderThan = Number.POSITIVE_INFINITY) => {
    const versions = source.versions(key);
    for (let i = versions.length - 1; i >= 0 && !isFull(); i -= 1) {
      const version = versions[i] as VersionRecord;
      if ((version.sequence ?? 0) < olderThan) items.push({ version, isLatest: i === versions.length - 1 });
    }
  };
  if (rest !== undefined) take(rest.key, rest.olderThan);
  const keys = bothInOrder(source.keys, source.hiddenKeys);
  for (const { kind, text } of listPage(keys, { prefix, delimiter, after, limit: limit + 1 }).items) {
    if (isFull()) break;
    if (kind === "key") take(text);
    else items.push({ prefix: text });
  }
  return { items: items.slice(0, limit), isTruncated: isFull() };
}
