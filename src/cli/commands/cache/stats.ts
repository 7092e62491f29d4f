/** `entrepot cache stats`: how much is kept, of what, under which limits, and what else lies there. */
import type { CacheStats, Depot } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatAge, formatCount, formatSize, formatTime } from "../../measure.ts";
import type { JsonObject } from "../../message.ts";
import { flag } from "../../option.ts";
import { factLines, sizeInWords } from "./entry.ts";
import { type LimitInForce, limitInWords, limitsInForce, limitsLine } from "./limits.ts";

export const stats: Command = defineCommand({
  name: "cache stats",
  summary: "how much is kept, under which limits",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: { quick: flag("only the sums: for a very large cache") },
  notes: ["The limits say who set them. Files that are none of the cache's are named and never touched."],
  examples: [
    { line: "entrepot cache stats", says: "objects, sizes, limits, buckets" },
    { line: "entrepot cache stats --quick", says: "one line" },
    { line: "entrepot cache stats --json", says: "for programs, sizes in bytes" },
  ],
  async run(call, { quick }) {
    const depot = await call.depot();
    const told = await depot.cache.stats({ detail: !quick, signal: call.signal });
    const { options } = await call.options();
    const limits = limitsInForce(options);
    await call.output.tell({
      text: () => (quick ? sumLine(depot, told, limits) : factLines(facts(depot, told, limits))),
      json: () => statsJson(depot, told, limits),
    });
  },
});

function sumLine({ cache }: Depot, told: CacheStats, limits: readonly LimitInForce[]): string {
  if (!cache.enabled) return "the cache is switched off";
  const { objects, sizeBytes, ranges } = told;
  const pieces = ranges.objects === 0 ? "" : ` and ${pieceSum(ranges)}`;
  const sums = `${formatCount(objects, "object")}, ${formatSize(sizeBytes)}${pieces}`;
  return `${sums} (${limitsLine(limits)}) in ${printable(cache.dir)}`;
}

function pieceSum({ objects, sizeBytes }: CacheStats["ranges"]): string {
  return `${formatCount(objects, "piece")} of others, ${formatSize(sizeBytes)}`;
}

type Fact = readonly [name: string, value: string];

function facts({ cache }: Depot, told: CacheStats, limits: readonly LimitInForce[]): Fact[] {
  const { detail } = told;
  const sum = ({ objects, sizeBytes }: { readonly objects: number; readonly sizeBytes: number }, noun = "object") =>
    `${formatCount(objects, noun)}, ${sizeInWords(sizeBytes)}`;
  const age = (ms: number) => `${formatTime(ms)} (${formatAge(Date.now() - ms)} ago)`;
  const lines: (Fact | false)[] = [
    ["folder", cache.enabled ? printable(cache.dir) : "none: the cache is switched off"],
    ["objects", sum(told)],
    ["pinned", sum(told.pinned)],
    ["held", sum(told.inUse)],
    told.ranges.objects > 0 && ["pieces", `${sum(told.ranges, "piece")} of objects that are not here whole`],
    ...limits.map((limit): Fact => [limit.name, `${printable(limitInWords(limit))}  (${printable(limit.source)})`]),
  ];
  if (detail === undefined) return lines.filter((line) => line !== false);
  const { pending, stray, damaged, foreign, oldestUseMs, newestUseMs, freeBytes, places } = detail;
  lines.push(
    oldestUseMs !== undefined && ["oldest use", age(oldestUseMs)],
    newestUseMs !== undefined && ["newest use", age(newestUseMs)],
    freeBytes !== undefined && ["disk", `${sizeInWords(freeBytes)} free`],
    ...places.map((place): Fact => ["at", `${printable(place.uri)}  ${sum(place)}`]),
    pending.objects > 0 && ["unfinished", `${sum(pending, "file")}, being written or left behind`],
    stray.objects > 0 && ["leftover", `${sum(stray, "file")} of no entry; pruning and clearing take them away`],
    damaged > 0 && ["damaged", `${formatCount(damaged, "record")}; entrepot cache repair takes them away`],
    ...foreign.map((path): Fact => ["foreign", `${printable(path)}  none of the cache's, never touched`]),
  );
  return lines.filter((line) => line !== false);
}

function statsJson({ cache: { dir, enabled } }: Depot, told: CacheStats, limits: readonly LimitInForce[]): JsonObject {
  const { objects, sizeBytes, maxBytes, pinned, inUse, ranges, detail } = told;
  const { oldestUseMs, newestUseMs, freeBytes, ...rest } = detail ?? {};
  return {
    type: "cache",
    enabled,
    dir,
    objects,
    sizeBytes,
    maxBytes: maxBytes ?? null,
    pinned: { ...pinned },
    inUse: { ...inUse },
    ranges: { ...ranges },
    limits: limits.map((limit) => ({ ...limit })),
    ...(detail === undefined
      ? {}
      : {
          ...(rest as unknown as JsonObject),
          oldestUseMs: oldestUseMs ?? null,
          newestUseMs: newestUseMs ?? null,
          freeBytes: freeBytes ?? null,
        }),
  };
}
