/** `why`: the results of one node beside each other. */
import type { Depot } from "../../../depot/index.ts";
import { type Entry, parseEntry } from "./entry.ts";
import { entriesOf } from "./inventory.ts";
import type { Shelf } from "./shelf.ts";
import type { KeptResult, Why } from "./types.ts";
import { differences } from "./why.ts";

const mostShown = 10;

export async function whyOf(shelf: Shelf, node: string, depot: Depot, signal?: AbortSignal): Promise<Why | undefined> {
  const listed = (await entriesOf(shelf, signal)).filter((entry) => entry.node === node);
  const latest = [...listed].sort((a, b) => b.keptMs - a.keptMs).slice(0, mostShown + 1);
  const read = await Promise.all(latest.map(({ name }) => shelf.read(name, signal)));
  const entries = read.flatMap((bytes) => (bytes === undefined ? [] : (parseEntry(bytes) ?? [])));
  const [newest] = entries;
  if (newest === undefined) return undefined;
  return {
    node,
    results: entries.slice(0, mostShown).map((entry, place) => resultOf(entry, entries[place + 1])),
    outdated: await outdatedOf(newest, depot, signal),
  };
}

function resultOf(entry: Entry, before: Entry | undefined): KeptResult {
  const { key, version, keptMs, ms, kept, reads } = entry;
  const changed = before === undefined ? [] : whatChanged(before, entry);
  return { key, version, keptMs, ms, sizeBytes: kept.sizeBytes, reads, changed };
}

function whatChanged(before: Entry, now: Entry): string[] {
  const parts = differences(before.parts, now.parts);
  if (parts.length > 0) return parts;
  const known = new Map(before.reads.map((read) => [read.uri, JSON.stringify(read)]));
  const reads = now.reads.filter((read) => known.get(read.uri) !== JSON.stringify(read));
  if (reads.length > 0) return reads.map(({ uri }) => `${uri} changed`);
  return [before.version === now.version ? "it was computed anew" : "it was computed anew, and gave something else"];
}

async function outdatedOf({ reads }: Entry, depot: Depot, signal: AbortSignal | undefined): Promise<Why["outdated"]> {
  if (reads.length === 0) return [];
  const changed = await depot.changedSince(reads, { signal });
  return changed.map(({ read, why }) => ({ uri: read.uri, why }));
}
