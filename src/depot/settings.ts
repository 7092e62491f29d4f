/**
 * Where every setting comes from: options, then the environment, then an env file, then the names that users of the
 * source systems have today. Read once, remembered with who decided, so that `doctor` can say it.
 */
import { EntrepotError } from "../error/index.ts";
import { checkS3Options, defaultRetryPolicy, type RetryPolicy } from "../store/index.ts";
import { type CacheSettings, deriveCacheSettings, readCacheSettings } from "./cache/settings.ts";
import { joinSignals } from "./join-signals.ts";
import type { CacheOptions, DepotEvent, EntrepotOptions, Overrides, Root, S3Options } from "./options.ts";
import { deriveReach, type Reach, readReach } from "./reach.ts";
import { type Setting, SettingSources } from "./setting-sources.ts";
import {
  asText,
  checkCount,
  optional,
  parseAddressing,
  parseCount,
  parseNetwork,
  parseSwitch,
  type World,
} from "./setting-values.ts";
import { durationMs, parseByteSize } from "./units.ts";

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
  readonly cache: CacheSettings | false;
  /** What `cache` is, or would be were it on; what `with({ cache: {} })` starts from. */
  readonly cacheWhenOn: CacheSettings;
  readonly network: "auto" | "online" | "offline";
  readonly outbox: boolean;
  readonly reach: Reach;
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
  const env = source.merged;
  const cache = readCacheSettings(options.cache || {}, source, world);
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
  assertLocation(roots, location);
  return {
    env,
    homeFolder: world.homeFolder,
    workingFolder: world.workingFolder,
    roots,
    location,
    root: undefined,
    s3: readS3(options, source),
    buckets: checkedBuckets(options.buckets ?? {}),
    cache: cacheOn ? cache : false,
    cacheWhenOn: cache,
    network: source.pick(
      "network",
      optional(options.network, parseNetwork),
      ["ENTREPOT_NETWORK"],
      parseNetwork,
      "auto",
    ),
    outbox: source.pick("outbox", options.outbox, ["ENTREPOT_OUTBOX"], parseSwitch, false),
    reach: readReach(options, source, world),
    retry: retryOf(options.retries, defaultRetryPolicy),
    concurrency: source.pick(
      "concurrency",
      optional(options.concurrency, checkCount),
      ["ENTREPOT_CONCURRENCY"],
      parseCount,
      32,
    ),
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
  if (overrides.location !== undefined) assertLocation(from.roots, location);
  const cache = deriveCache(from, overrides.cache, world);
  return {
    ...from,
    location,
    // a location named in this call is meant, so an inherited `root` steps back
    root: overrides.root ?? (overrides.location === undefined ? root : undefined),
    s3: mergeS3(from.s3, checkedS3(overrides)),
    cache,
    cacheWhenOn: cache === false ? from.cacheWhenOn : cache,
    network: optional(overrides.network, parseNetwork) ?? from.network,
    outbox: overrides.outbox ?? from.outbox,
    reach: deriveReach(from.reach, overrides, world),
    retry: retryOf(overrides.retries, from.retry),
    concurrency: optional(overrides.concurrency, checkCount) ?? from.concurrency,
    memoryBytes: optional(overrides.memory, parseByteSize) ?? from.memoryBytes,
    onEvent: overrides.onEvent ?? from.onEvent,
    signal: joinSignals(from.signal, overrides.signal),
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
    sse: over.sse ?? base.sse,
    expectedBucketOwner: over.expectedBucketOwner ?? base.expectedBucketOwner,
    checksums: over.checksums ?? base.checksums,
    payloadSigning: over.payloadSigning ?? base.payloadSigning,
    allowInsecureEndpoint: over.allowInsecureEndpoint ?? base.allowInsecureEndpoint,
    dualStack: over.dualStack ?? base.dualStack,
    fips: over.fips ?? base.fips,
  };
  if (identity.anonymous === true) return { ...merged, anonymous: true };
  if (identity.credentials !== undefined) return { ...merged, credentials: identity.credentials };
  return { ...merged, profile: identity.profile };
}

/** What AWS's own variables and files say is decided when a bucket is first used, and told by `s3Access`. */
function readS3(options: EntrepotOptions, source: SettingSources): S3Options {
  checkedS3(options);
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

function deriveCache(from: Settings, over: CacheOptions | false | undefined, world: World): Settings["cache"] {
  if (over === undefined) return from.cache;
  if (over === false) return false;
  return deriveCacheSettings(from.cacheWhenOn, over, world);
}

/** Error: misconfigured for a location that no root is known of; `local` needs none. */
export function assertLocation(roots: Settings["roots"], location: string): void {
  if (location === "local" || Object.hasOwn(roots, location)) return;
  const known = Object.keys(roots).join(", ") || "none";
  throw new EntrepotError("misconfigured", `location "${location}" has no root`, {
    hint: `give it one: entrepot({ roots: { ${location}: "s3://bucket/folder/" } }) or ENTREPOT_ROOT_${location.toUpperCase()}; known: ${known}`,
  });
}

/** The options themselves; RangeError for what has no meaning. */
function checkedS3<S extends S3Options>(options: S): S {
  if (options.addressing !== undefined) parseAddressing(options.addressing);
  checkS3Options(options);
  return options;
}

function checkedBuckets(buckets: Readonly<Record<string, S3Options>>): Readonly<Record<string, S3Options>> {
  for (const options of Object.values(buckets)) checkedS3(options);
  return buckets;
}

function retryOf(given: EntrepotOptions["retries"], base: RetryPolicy): RetryPolicy {
  const attempts = given?.attempts ?? base.attempts;
  if (!Number.isSafeInteger(attempts) || attempts < 1)
    throw new RangeError(`retries.attempts must be a whole number from 1, not ${attempts}`);
  return { ...base, attempts, budgetMs: optional(given?.budget, durationMs) ?? base.budgetMs };
}
