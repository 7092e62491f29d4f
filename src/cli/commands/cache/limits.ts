/** Which limits a cache is kept in, and who set each. */
import { describeSettings, type EntrepotOptions } from "../../../depot/index.ts";
import { formatAge } from "../../measure.ts";
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

/** As people read it. */
export function limitInWords({ name, value }: LimitInForce): string {
  const amount = Number(value);
  if (value === "" || !Number.isFinite(amount)) return value === "none" ? "no limit" : value;
  if (/bytes$/i.test(name)) return sizeInWords(amount);
  if (name === "maxAge" && amount === 0) return "0: every read asks";
  return /age|for|than/i.test(name) ? formatAge(amount) : amount.toLocaleString("en-US");
}
