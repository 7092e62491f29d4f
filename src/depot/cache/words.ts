/** What becomes of a copy, in words, from its facts and the settings in force. Pure. */
import type { KeptEntry } from "../../cache/index.ts";
import type { Settings } from "../settings.ts";
import type { CacheState } from "./types.ts";

/** What of the settings decides. */
export type StateSettings = Pick<Settings, "network"> & { readonly maxAgeMs: number };

export interface StateInWords {
  readonly state: CacheState;
  readonly why: string;
}

/** How the next read takes a copy. */
export function stateOf(entry: KeptEntry, { network, maxAgeMs }: StateSettings, nowMs: number): StateInWords {
  if (entry.isFixed) return { state: "fresh", why: "one version never changes, so nobody is asked" };
  if (network === "offline") return { state: "fresh", why: "offline: nobody can be asked" };
  const written = entry.isComplete ? "" : "; it was written here, and what the server adds is not known yet";
  if (entry.isOvertaken)
    return { state: "outdated", why: `something newer was seen, so the next read asks for it${written}` };
  const ageMs = nowMs - entry.checkedMs;
  if (maxAgeMs === 0)
    return { state: "asks", why: `without a maxAge every read asks whether it is still the version${written}` };
  const within = duration(maxAgeMs);
  if (ageMs < 0)
    return { state: "asks", why: `it was confirmed in the future: a clock went back, so the next read asks${written}` };
  if (ageMs < maxAgeMs)
    return {
      state: "fresh",
      why: `confirmed within maxAge (${within}): nobody is asked for ${duration(maxAgeMs - ageMs)}`,
    };
  return { state: "asks", why: `confirmed ${duration(ageMs)} ago, longer than maxAge (${within})${written}` };
}

/** Which limits take copies away by themselves. */
export function limitsInWords({ cache }: Pick<Settings, "cache">): readonly string[] {
  if (cache === false) return [];
  const { maxBytes, maxObjects, olderThanMs, unusedForMs, minFreeBytes } = cache;
  const count = (value: number) => value.toLocaleString("en-US");
  const oldest = "as the one that was not read for longest";
  return [
    olderThanMs !== undefined && `${duration(olderThanMs)} after it was fetched (olderThan)`,
    unusedForMs !== undefined && `when nobody read it for ${duration(unusedForMs)} (unusedFor)`,
    maxBytes !== undefined && `${oldest}, beyond ${count(maxBytes)} bytes (maxBytes)`,
    maxObjects !== undefined && `${oldest}, beyond ${count(maxObjects)} objects (maxObjects)`,
    minFreeBytes !== undefined && `${oldest}, when fewer than ${count(minFreeBytes)} bytes are free (minFreeBytes)`,
  ].filter((each) => each !== false);
}

/** What takes a copy away. `limits` are those in force, in words. */
export function leavesWhen(
  entry: {
    readonly pinnedBy: readonly string[];
    readonly held: boolean;
    readonly heldBy: readonly { readonly pid: number; readonly isHere: boolean }[];
  },
  limits: readonly string[],
): string {
  const held = entry.held ? ` while ${holdersInWords(entry.heldBy)} it` : "";
  if (entry.pinnedBy.length > 0)
    return `not before it is unpinned: ${entry.pinnedBy.join(", ")}${entry.held ? `, and not${held}` : ""}`;
  const by = limits.length === 0 ? "no limit is set: it stays until it is pruned or cleared" : limits.join("; ");
  return entry.held ? `not${held}; then: ${by}` : by;
}

export function holdersInWords(heldBy: readonly { readonly pid: number; readonly isHere: boolean }[]): string {
  if (heldBy.length === 0) return "this process reads";
  const each = heldBy.map(({ pid, isHere }) => (isHere ? `process ${pid}` : `process ${pid} of another machine`));
  return `${[...new Set(each)].join(", ")} ${heldBy.length === 1 ? "holds" : "hold"}`;
}

/** In one unit, e.g. `"3 h"`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return `${Math.round(ms)} ms`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
