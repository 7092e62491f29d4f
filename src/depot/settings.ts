/**
 * Where every setting comes from: options, then the environment, then an env file, then the names that users of the
 * source systems have today. Read once, remembered with who decided, so that `doctor` can say it.
 */
import { EntrepotError } from "../error/index.ts";
import { defaultRetryPolicy, type RetryPolicy } from "../store/index.ts";
import type { CacheOptions, DepotEvent, EntrepotOptions, Overrides, Root, S3Options } from "./options.ts";
import { type Setting, SettingSources } from "./setting-sources.ts";
import {
  asText,
  defaultCacheDir,
  expandHome,
  optional,
  parseAddressing,
  parseCount,
  parseMode,
  parseNetwork,
  parseSwitch,
  pathText,
  type World,
} from "./setting-values.ts";
import { durationMs, parseByteSize, parseDuration } from "./units.ts";

/** Everything decided; plain values. */
export interface Settings {
  /** The environment with the env file below it; what the S3 configuration reads on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | undefined;
  readonly workingFolder: string;
  readonly roots: Readonly<Record<string, Root>>;
  readonly location: string;
  /** Set by `with({ root })`: stands before `roots[location]`. */
  readonly root: Root | undefined;
  readonly s3: S3Options;
  readonly buckets: Readonly<Record<string, S3Options>>;
  readonly cache:
    | { readonly dir: string; readonly mode: number; readonly maxBytes: number | undefined; readonly maxAgeMs: number }
    | false;
  readonly network: "auto" | "online" | "offline";
  readonly retry: RetryPolicy;
  readonly concurrency: number;
  readonly memoryBytes: number;
  readonly onEvent: ((event: DepotEvent) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly decided: readonly Setting[];
}

/** Decides every setting of a new depot. Errors: misconfigured, RangeError for a value with no meaning. */
export function readSettings(options: EntrepotOptions, world: World): Settings {
  const source = new SettingSources(options, world);
  const given = options.cache === false ? undefined : options.cache;
  const env = source.merged;
  const mode = source.pick("cache.mode", given?.mode, ["ENTREPOT_CACHE_MODE", "S3STASHER_FILE_MODE"], parseMode, 0o600);
  const dir = source.pick(
    "cache.dir",
    pathText(given?.dir),
    ["ENTREPOT_CACHE_DIR", "S3STASHER_CACHE_DIR"],
    asText,
    defaultCacheDir(env, world.homeFolder),
  );
  const maxBytes = source.pick(
    "cache.maxBytes",
    optional(given?.maxBytes, parseByteSize),
    ["ENTREPOT_CACHE_MAX_BYTES"],
    parseByteSize,
    undefined,
  );
  const maxAgeMs = source.pick(
    "cache.maxAge",
    optional(given?.maxAge, durationMs),
    ["ENTREPOT_CACHE_MAX_AGE"],
    (text) => durationMs(parseDuration(text)),
    0,
  );
  const cacheOn = source.pick(
    "cache",
    options.cache === undefined ? undefined : options.cache !== false,
    ["ENTREPOT_CACHE"],
    parseSwitch,
    true,
  );
  const roots = readRoots(options.roots, env);
  const location = source.pick(
    "location",
    options.location as string | undefined,
    ["ENTREPOT_LOCATION"],
    asText,
    legacyLocation(env) ?? "local",
  );
  if (location !== "local" && roots[location] === undefined) {
    throw new EntrepotError("misconfigured", `location "${location}" has no root`, {
      hint: `give it one: entrepot({ roots: { ${location}: "s3://bucket/folder/" } }) or ENTREPOT_ROOT_${location.toUpperCase()}; known: ${Object.keys(roots).join(", ") || "none"}`,
    });
  }
  return {
    env,
    homeFolder: world.homeFolder,
    workingFolder: world.workingFolder,
    roots,
    location,
    root: undefined,
    s3: readS3(options, source),
    buckets: options.buckets ?? {},
    cache: cacheOn ? { dir: expandHome(dir, world), mode, maxBytes, maxAgeMs } : false,
    network: source.pick("network", options.network, ["ENTREPOT_NETWORK"], parseNetwork, "auto"),
    retry: retryOf(options.retries, defaultRetryPolicy),
    concurrency: source.pick("concurrency", options.concurrency, ["ENTREPOT_CONCURRENCY"], parseCount, 32),
    memoryBytes: source.pick(
      "memory",
      optional(options.memory, parseByteSize),
      ["ENTREPOT_MEMORY"],
      parseByteSize,
      96 * 1024 ** 2,
    ),
    onEvent: options.onEvent,
    signal: undefined,
    decided: source.decided,
  };
}

/** The settings that `with` makes of these. Errors: misconfigured. */
export function deriveSettings(from: Settings, overrides: Overrides<string>, world: World): Settings {
  const { location = from.location, root = from.root } = overrides;
  if (overrides.location !== undefined && location !== "local" && from.roots[location] === undefined) {
    throw new EntrepotError("misconfigured", `location "${location}" has no root`, {
      hint: `known locations: ${Object.keys(from.roots).join(", ") || "none"}`,
    });
  }
  const signals = [from.signal, overrides.signal].filter((signal) => signal !== undefined);
  return {
    ...from,
    location,
    // a location named in this call is meant, so an inherited `root` steps back
    root: overrides.root ?? (overrides.location === undefined ? root : undefined),
    s3: mergeS3(from.s3, overrides),
    cache: deriveCache(from.cache, overrides.cache, world),
    network: overrides.network ?? from.network,
    retry: retryOf(overrides.retries, from.retry),
    concurrency: overrides.concurrency ?? from.concurrency,
    memoryBytes: optional(overrides.memory, parseByteSize) ?? from.memoryBytes,
    onEvent: overrides.onEvent ?? from.onEvent,
    signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
  };
}

/** The more particular options over the more general; an identity replaces the whole identity below it. */
export function mergeS3(base: S3Options, over: S3Options): S3Options {
  const identified = over.anonymous !== undefined || over.profile !== undefined || over.credentials !== undefined;
  const identity = identified ? over : base;
  const merged = {
    region: over.region ?? base.region,
    endpoint: over.endpoint ?? base.endpoint,
    addressing: over.addressing ?? base.addressing,
    requesterPays: over.requesterPays ?? base.requesterPays,
    allowInsecureEndpoint: over.allowInsecureEndpoint ?? base.allowInsecureEndpoint,
  };
  if (identity.anonymous === true) return { ...merged, anonymous: true };
  if (identity.credentials !== undefined) return { ...merged, credentials: identity.credentials };
  return { ...merged, profile: identity.profile };
}

/** What AWS's own variables and files say is decided when a bucket is first used, and told by `s3Access`. */
function readS3(options: EntrepotOptions, source: SettingSources): S3Options {
  const endpoint = source.pick("endpoint", options.endpoint, ["ENTREPOT_ENDPOINT"], asText, undefined);
  const addressing = source.pick("addressing", options.addressing, ["ENTREPOT_ADDRESSING"], parseAddressing, undefined);
  const unidentified =
    options.profile === undefined && options.credentials === undefined && options.anonymous === undefined;
  const anonymous =
    unidentified &&
    source.pick("anonymous", undefined as boolean | undefined, ["ENTREPOT_ANONYMOUS"], parseSwitch, false);
  return mergeS3({ ...options, endpoint, addressing } as S3Options, anonymous ? { anonymous: true } : {});
}

function readRoots(
  given: Readonly<Record<string, Root>> | undefined,
  env: Settings["env"],
): Readonly<Record<string, Root>> {
  const roots: Record<string, Root> = {};
  if (env["AWS_MODEL_BUCKET"]) roots["cloud"] = `s3://${env["AWS_MODEL_BUCKET"]}/`;
  for (const location of ["cloud", "local"]) {
    const read = env[`${location.toUpperCase()}_READ_BASEPATH`];
    const write = env[`${location.toUpperCase()}_WRITE_BASEPATH`] ?? read;
    if (read) roots[location] = { read, write: write ?? read };
  }
  for (const [name, value] of Object.entries(env)) {
    const location = /^ENTREPOT_ROOT_([A-Z0-9_]+)$/.exec(name)?.[1];
    if (location !== undefined && value) roots[location.toLowerCase()] = value;
  }
  return { ...roots, ...given };
}

function legacyLocation(env: Settings["env"]): string | undefined {
  const text = env["CLOUD_EXECUTION"] ?? env["CloudData"];
  if (text === undefined || text === "") return undefined;
  if (/^true$/i.test(text)) return "cloud";
  if (/^false$/i.test(text)) return "local";
  throw new EntrepotError("misconfigured", `CLOUD_EXECUTION or CloudData is ${JSON.stringify(text)}`, {
    hint: "write TRUE or FALSE, or use ENTREPOT_LOCATION",
  });
}

function deriveCache(from: Settings["cache"], over: CacheOptions | false | undefined, world: World): Settings["cache"] {
  if (over === undefined) return from;
  if (over === false) return false;
  const base =
    from === false
      ? { dir: defaultCacheDir(world.env, world.homeFolder), mode: 0o600, maxBytes: undefined, maxAgeMs: 0 }
      : from;
  return {
    dir: expandHome(pathText(over.dir) ?? base.dir, world),
    mode: over.mode ?? base.mode,
    maxBytes: optional(over.maxBytes, parseByteSize) ?? base.maxBytes,
    maxAgeMs: optional(over.maxAge, durationMs) ?? base.maxAgeMs,
  };
}

function retryOf(given: EntrepotOptions["retries"], base: RetryPolicy): RetryPolicy {
  const attempts = given?.attempts ?? base.attempts;
  if (!Number.isSafeInteger(attempts) || attempts < 1)
    throw new RangeError(`retries.attempts must be a whole number from 1, not ${attempts}`);
  return { ...base, attempts, budgetMs: optional(given?.budget, durationMs) ?? base.budgetMs };
}
