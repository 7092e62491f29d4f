/** What is in the cache by kind and place, from one walk that reads every record. Changes nothing. */
import { join } from "node:path";
import { isPendingName } from "../../disk/index.ts";
import { readName, recordName } from "../layout.ts";
import { shards } from "../scan.ts";
import type { Usage } from "../usage.ts";
import type { LookPremises } from "./look.ts";

export interface Survey {
  /** Being written, or left behind by those who died while they wrote. */
  readonly pending: Usage;
  /** Data without a record: on its way in or out, or left behind. */
  readonly stray: Usage;
  /** Records that say nothing. */
  readonly damaged: number;
  /** Names in the folders of the cache that it gave to nothing; at most 20 of them. */
  readonly foreign: readonly string[];
  readonly oldestUseMs: number | undefined;
  readonly newestUseMs: number | undefined;
  /** By bucket or host, the largest first. */
  readonly places: readonly (Usage & { readonly uri: string })[];
}

const mostForeign = 20;
const knownBesideShards = new Set(["leases", "locks", "pins", "usage"]);
const knownInRoot = new Set(["objects", "results", "pega", "outbox", "temporary", "jobs", "incremental"]);

class Sum implements Usage {
  objects = 0;
  sizeBytes = 0;

  add(sizeBytes: number): void {
    this.objects += 1;
    this.sizeBytes += sizeBytes;
  }

  get usage(): Usage {
    return { objects: this.objects, sizeBytes: this.sizeBytes };
  }
}

export async function survey(
  premises: LookPremises & { readonly root: string },
  signal?: AbortSignal,
): Promise<Survey> {
  const { disk, layout, root, shelf } = premises;
  const [pending, stray] = [new Sum(), new Sum()];
  const places = new Map<string, Sum>();
  const foreign: string[] = [];
  let damaged = 0;
  let oldestUseMs = Number.POSITIVE_INFINITY;
  let newestUseMs = Number.NEGATIVE_INFINITY;
  const isUsable = await shelf.isUsable();
  const sizeOf = async (path: string) => (await disk.stat(path))?.sizeBytes;
  for (const folder of isUsable ? await shards(disk, layout) : []) {
    const names = ((await disk.readFolder(folder)) ?? []).map(({ name }) => name);
    const here = new Set(names);
    for (const name of names) {
      signal?.throwIfAborted();
      const read = readName(name);
      const path = join(folder, name);
      if (read === undefined) {
        if (isPendingName(name)) pending.add((await sizeOf(path)) ?? 0);
        else if (foreign.length < mostForeign) foreign.push(path);
      } else if (read.kind === "record") {
        const found = await shelf.reader.find(read.entry);
        if (found === "damaged") damaged += 1;
        if (typeof found === "string") continue;
        const { uri, info } = found.record;
        const place = placeOf(uri, info.key);
        places.set(place, places.get(place) ?? new Sum());
        places.get(place)?.add(info.sizeBytes);
        oldestUseMs = Math.min(oldestUseMs, found.usedMs);
        newestUseMs = Math.max(newestUseMs, found.usedMs);
      } else if (read.kind === "data" && !here.has(recordName(read.entry))) stray.add((await sizeOf(path)) ?? 0);
    }
  }
  foreign.push(...(await strangers(premises, root)).slice(0, mostForeign - foreign.length));
  return {
    pending: pending.usage,
    stray: stray.usage,
    damaged,
    foreign,
    oldestUseMs: Number.isFinite(oldestUseMs) ? oldestUseMs : undefined,
    newestUseMs: Number.isFinite(newestUseMs) ? newestUseMs : undefined,
    places: [...places]
      .map(([uri, sum]) => ({ uri, ...sum.usage }))
      .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.uri < b.uri ? -1 : 1)),
  };
}

/** Beside the folders that are ours. */
async function strangers({ disk, layout }: LookPremises, root: string): Promise<string[]> {
  const inLayout = (await disk.readFolder(layout)) ?? [];
  const inRoot = (await disk.readFolder(root)) ?? [];
  return [
    ...inRoot.filter(({ name }) => !knownInRoot.has(name)).map(({ name }) => join(root, name)),
    ...inLayout
      .filter(({ name }) => !knownBesideShards.has(name) && !/^[0-9a-f]{2}$/.test(name) && !isPendingName(name))
      .map(({ name }) => join(layout, name)),
  ];
}

/** What comes before the key: `s3://bucket/`, `https://host/`. */
function placeOf(uri: string, key: string): string {
  const plain = uri.endsWith(key) ? uri : uri.slice(0, Math.max(0, uri.lastIndexOf("?versionId=")));
  return plain.endsWith(key) ? plain.slice(0, plain.length - key.length) : uri;
}
