/** Which limits a cache is kept in, and who set each. */
import { describeSettings, type EntrepotOptions } from "../../../depot/index.ts";
import { formatAge, formatSize } from "../../measure.ts";
import { sizeInWords } from "./entry.ts";

export interface LimitInForce {
  /** E.g. `"maxBytes"`. */
  readonly name: string;
  readonly value: string;
  /** E.g. `"environment ENTREPOT_CACHE_MAX_BYTES"`. */
  readonly source: string;
}

const noLimits: ReadonlySet<string> = new Set(["cache", "cache.dir", "cache.mode"]);

/** All that the cache's settings say but where it lies and whether it is on; sizes in bytes, times in milliseconds. */
export function limitsInForce(options: EntrepotOptions): readonly LimitInForce[] {
  return describeSettings(options)
    .filter(({ name }) => /^cache\./.test(name) && !noLimits.has(name))
    .map(({ name, value, source }) => ({ name: name.slice("cache.".length), value, source }));
}

/** All that are set on one line. */
export function limitsLine(limits: readonly LimitInForce[]): string {
  const set = limits.filter((limit) => limit.name in inShort && limitInWords(limit) !== "no limit");
  if (set.length === 0) return "no limit";
  return set.map((limit) => inShort[limit.name]?.(shortly(limit)) ?? "").join(", ");
}

const inShort: Readonly<Record<string, (value: string) => string>> = {
  maxBytes: (value) => `at most ${value}`,
  maxObjects: (value) => `at most ${value} objects`,
  olderThan: (value) => `at most ${value} old`,
  unusedFor: (value) => `unused for at most ${value}`,
  minFreeBytes: (value) => `${value} of the disk stay free`,
};

function shortly(limit: LimitInForce): string {
  return /bytes$/i.test(limit.name) ? formatSize(Number(limit.value)) : limitInWords(limit);
}

/** As people read it. */
export function limitInWords({ name, value }: LimitInForce): string {
  const amount = Number(value);
  if (value === "" || !Number.isFinite(amount)) return value === "none" ? "no limit" : value;
  if (/bytes$/i.test(name)) return sizeInWords(amount);
  if (name === "maxAge" && amount === 0) return "0: every read asks";
  return /age|for|than/i.test(name) ? formatAge(amount) : amount.toLocaleString("en-US");
}
