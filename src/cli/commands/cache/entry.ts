/** A copy, on one line, in full, and for machines. */
import type { CacheEntry } from "../../../depot/index.ts";
import { printable } from "../../escape.ts";
import { formatAge, formatNumber, formatSize, formatTime } from "../../measure.ts";
import type { JsonObject } from "../../message.ts";

export function entryJson(entry: CacheEntry): JsonObject {
  const { versionId, heldBy, pinnedBy, ...rest } = entry;
  return {
    ...rest,
    versionId: versionId ?? null,
    pinnedBy: [...pinnedBy],
    heldBy: heldBy.map((each) => ({ ...each })),
  };
}

/** Size, age, state, address, path, and what is not usual. */
export function entryLine(entry: CacheEntry, nowMs: number): string {
  const { uri, path, sizeBytes, usedMs, state, pinned, held, complete } = entry;
  const unusual = [pinned && "pinned", held && "held", !complete && "own write"].filter((word) => word !== false);
  const marks = unusual.length === 0 ? "" : `  (${unusual.join(", ")})`;
  const used = `used ${formatAge(nowMs - usedMs).padStart(6)} ago`;
  return `${formatSize(sizeBytes).padStart(8)}  ${used}  ${state.padEnd(8)}  ${printable(uri)}  ${printable(path)}${marks}`;
}

/** Each fact on a line of its own, indented, without the address. */
export function entryFacts(entry: CacheEntry, nowMs: number): readonly (readonly [name: string, value: string])[] {
  const { sizeBytes, etag, verified, fetchedMs, checkedMs, usedMs, path } = entry;
  const at = (ms: number) => `${formatTime(ms)} (${formatAge(nowMs - ms)} ago)`;
  const by = entry.heldBy.map(({ pid, isHere }) => (isHere ? `process ${pid}` : `process ${pid} of another machine`));
  const own = entry.complete ? "" : ", written here";
  return [
    ["size", sizeInWords(sizeBytes)],
    [
      "version",
      `${printable(etag)}, verified by ${verified === "checksum" ? "its checksum" : "its length only"}${own}`,
    ],
    ["fetched", at(fetchedMs)],
    ["confirmed", at(checkedMs)],
    ["used", at(usedMs)],
    ["state", `${entry.state}: ${printable(entry.why)}`],
    ["pinned", entry.pinned ? `by ${entry.pinnedBy.map(printable).join(", ")}` : "no"],
    ["held", entry.held ? `by ${by.join(", ") || "this process"}` : "no"],
    ["path", printable(path)],
  ];
}

export function factLines(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(10, ...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${name.padEnd(width)} ${value}`).join("\n");
}

/** `"1.4 MB (1,412,332 bytes)"`. */
export function sizeInWords(sizeBytes: number): string {
  const exact = `${formatNumber(sizeBytes)} ${sizeBytes === 1 ? "byte" : "bytes"}`;
  return sizeBytes < 1000 ? exact : `${formatSize(sizeBytes)} (${exact})`;
}
