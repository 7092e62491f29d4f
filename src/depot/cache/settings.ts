/** The settings of the cache: where it lies, who may read it, what it may take, and for how long a copy is trusted. */
import type { Limits } from "../../cache/index.ts";
import type { CacheOptions } from "../options.ts";
import type { SettingSources } from "../setting-sources.ts";
import {
  asText,
  checkMode,
  defaultCacheDir,
  expandHome,
  optional,
  parseMode,
  pathText,
  type World,
} from "../setting-values.ts";
import { durationMs, parseByteSize, parseDuration } from "../units.ts";
import { limitsOf } from "./limits.ts";

export interface CacheSettings extends Limits {
  readonly dir: string;
  readonly mode: number;
  readonly maxAgeMs: number;
}

/** Options, then the environment. Errors: misconfigured, RangeError. */
export function readCacheSettings(given: CacheOptions, source: SettingSources, world: World): CacheSettings {
  const mode = source.pick(
    "cache.mode",
    optional(given.mode, checkMode),
    ["ENTREPOT_CACHE_MODE", "S3STASHER_FILE_MODE"],
    parseMode,
    0o600,
  );
  const dir = source.pick(
    "cache.dir",
    optional(given.dir, pathText),
    ["ENTREPOT_CACHE_DIR", "S3STASHER_CACHE_DIR"],
    asText,
    defaultCacheDir(source.merged, world.homeFolder),
  );
  const limits = readLimits(limitsOf(given), source);
  const maxAgeMs = source.pick(
    "cache.maxAge",
    optional(given.maxAge, durationMs),
    ["ENTREPOT_CACHE_MAX_AGE"],
    parseDurationMs,
    0,
  );
  return { dir: expandHome(dir, world), mode, ...limits, maxAgeMs };
}

/** What `over` changes of `from`. RangeError. */
export function deriveCacheSettings(from: CacheSettings, over: CacheOptions, world: World): CacheSettings {
  const limits = limitsOf(over);
  return {
    dir: over.dir === undefined ? from.dir : expandHome(pathText(over.dir), world),
    mode: optional(over.mode, checkMode) ?? from.mode,
    maxBytes: limits.maxBytes ?? from.maxBytes,
    maxObjects: limits.maxObjects ?? from.maxObjects,
    olderThanMs: limits.olderThanMs ?? from.olderThanMs,
    unusedForMs: limits.unusedForMs ?? from.unusedForMs,
    minFreeBytes: limits.minFreeBytes ?? from.minFreeBytes,
    maxAgeMs: optional(over.maxAge, durationMs) ?? from.maxAgeMs,
  };
}

function readLimits(given: Limits, source: SettingSources): Limits {
  const bytes = (name: string, value: number | undefined, variable: string) =>
    source.pick(name, value, [variable], parseByteSize, undefined);
  const time = (name: string, value: number | undefined, variable: string) =>
    source.pick(name, value, [variable], parseDurationMs, undefined);
  return {
    maxBytes: bytes("cache.maxBytes", given.maxBytes, "ENTREPOT_CACHE_MAX_BYTES"),
    maxObjects: source.pick(
      "cache.maxObjects",
      given.maxObjects,
      ["ENTREPOT_CACHE_MAX_OBJECTS"],
      parseObjects,
      undefined,
    ),
    olderThanMs: time("cache.olderThan", given.olderThanMs, "ENTREPOT_CACHE_OLDER_THAN"),
    unusedForMs: time("cache.unusedFor", given.unusedForMs, "ENTREPOT_CACHE_UNUSED_FOR"),
    minFreeBytes: bytes("cache.minFreeBytes", given.minFreeBytes, "ENTREPOT_CACHE_MIN_FREE_BYTES"),
  };
}

function parseDurationMs(text: string): number {
  return durationMs(parseDuration(text));
}

function parseObjects(text: string): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(count)) throw new RangeError(`${JSON.stringify(text)} is no number of objects; write e.g. 100000`);
  return count;
}
