/** What lies in a store of results, counted and thinned out by names alone. */
import { durationMs, parseByteSize } from "../../../depot/index.ts";
import { type EntryName, parseEntryName, versionOfDataName } from "./entry.ts";
import type { Shelf } from "./shelf.ts";
import type { ClearReport, KeptNode, ResultBounds, ResultStats } from "./types.ts";

export interface Listed extends EntryName {
  /** Below the store. */
  readonly name: string;
  readonly usedMs: number;
}

/** A value that is kept for nobody may be one for whom somebody is about to write the entry. */
const graceMs = 3_600_000;

export async function entriesOf(shelf: Shelf, signal?: AbortSignal): Promise<readonly Listed[]> {
  return (await shelf.all("keys/", signal)).flatMap(({ name, usedMs }) => {
    const parsed = parseEntryName(name);
    return parsed === undefined ? [] : [{ ...parsed, name: `keys/${name}`, usedMs }];
  });
}

export function nodesOf(entries: readonly Listed[], uri: string): readonly KeptNode[] {
  const byNode = new Map<string, { entries: number; sizeBytes: number; keptMs: number }>();
  for (const { node, sizeBytes, keptMs } of entries) {
    const known = byNode.get(node) ?? { entries: 0, sizeBytes: 0, keptMs: 0 };
    known.entries += 1;
    known.sizeBytes += sizeBytes;
    known.keptMs = Math.max(known.keptMs, keptMs);
    byNode.set(node, known);
  }
  return [...byNode]
    .map(([node, counts]) => ({ node, ...counts, uri: `${uri}keys/` }))
    .sort((a, b) => (a.node < b.node ? -1 : 1));
}

export async function statsOf(shelf: Shelf, signal?: AbortSignal): Promise<ResultStats> {
  const entries = await entriesOf(shelf, signal);
  const data = (await shelf.all("data/", signal)).filter(({ name }) => versionOfDataName(name) !== undefined);
  return {
    uri: shelf.uri,
    nodes: new Set(entries.map(({ node }) => node)).size,
    entries: entries.length,
    values: data.length,
    sizeBytes: data.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

export async function clear(
  shelf: Shelf,
  nodes: readonly string[] | "all",
  nowMs: number,
  signal?: AbortSignal,
): Promise<ClearReport> {
  const entries = await entriesOf(shelf, signal);
  const going = nodes === "all" ? entries : entries.filter(({ node }) => nodes.includes(node));
  const known = new Set(entries.map(({ node }) => node));
  const report = await removeEntries(shelf, entries, going, nowMs, signal);
  return { ...report, unknown: nodes === "all" ? [] : nodes.filter((node) => !known.has(node)) };
}

export async function prune(
  shelf: Shelf,
  { maxBytes, olderThan }: ResultBounds,
  nowMs: number,
  signal?: AbortSignal,
): Promise<Omit<ClearReport, "unknown">> {
  const entries = [...(await entriesOf(shelf, signal))].sort((a, b) => b.usedMs - a.usedMs);
  const most = maxBytes === undefined ? Number.POSITIVE_INFINITY : parseByteSize(maxBytes);
  const oldestMs = olderThan === undefined ? Number.NEGATIVE_INFINITY : nowMs - durationMs(olderThan);
  const counted = new Set<string>();
  let sizeBytes = 0;
  const going = entries.filter((entry) => {
    // a value that stays for another entry costs nothing more
    const size = counted.has(entry.version) ? 0 : entry.sizeBytes;
    const stays = entry.usedMs >= oldestMs && sizeBytes + size <= most;
    if (!stays) return true;
    counted.add(entry.version);
    sizeBytes += size;
    return false;
  });
  return removeEntries(shelf, entries, going, nowMs, signal);
}

/** First the entries, then the values that no entry needs any more. */
async function removeEntries(
  shelf: Shelf,
  all: readonly Listed[],
  going: readonly Listed[],
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<Omit<ClearReport, "unknown">> {
  let removed = 0;
  for (const { name } of going) {
    signal?.throwIfAborted();
    if (await shelf.remove(name)) removed += 1;
  }
  const gone = new Set(going);
  const needed = new Set(all.filter((entry) => !gone.has(entry)).map(({ version }) => version));
  const freed = new Set(going.map(({ version }) => version));
  let freedBytes = 0;
  for (const { name, sizeBytes, usedMs } of await shelf.all("data/", signal)) {
    // somebody's own file: a store may have been put into a folder that has a `data/` already
    const version = versionOfDataName(name)?.slice(0, 16);
    if (version === undefined) continue;
    if (needed.has(version) || (!freed.has(version) && nowMs - usedMs < graceMs)) continue;
    signal?.throwIfAborted();
    if (await shelf.remove(`data/${name}`)) freedBytes += sizeBytes;
    await shelf.remove(`seen/${name.slice(name.lastIndexOf("/") + 1)}`).catch(() => false);
  }
  const stay = all.filter((entry) => !gone.has(entry));
  await shelf.sweep(new Set(stay.map(({ key }) => key)), signal);
  return { removed, freedBytes };
}
