/**
 * Options are closed at run time, too: who writes plain JavaScript must not remove a folder because `dryrun` is none.
 */
import { mistakeIn } from "../error/index.ts";
import type { EntrepotOptions, Overrides } from "./options.ts";

const ask = ["signal", "onError", "cache"] as const;
const read = [...ask, "onProgress"] as const;
const bytes = [...read, "decompress"] as const;
const decode = [...bytes, "encoding"] as const;
const described = [
  "contentType",
  "cacheControl",
  "contentDisposition",
  "contentLanguage",
  "storageClass",
  "tags",
  "metadata",
] as const;
const settled = ["signal", "onProgress", "onError", ...described] as const;
const write = [...settled, "ifMatch", "ifNoneMatch"] as const;
const encode = [...write, "compress"] as const;
const glob = ["signal", "kind", "depth", "match"] as const;
const list = [...glob, "prefix"] as const;
const transfer = ["signal", "onProgress", "dryRun", "match", "onFile", "onError"] as const;

/** For each verb, after how many arguments the options come, and what they may be. */
const verbs: Readonly<Record<string, readonly [at: number, names: readonly string[]]>> = {
  readText: [1, decode],
  readBytes: [1, bytes],
  readJson: [1, [...decode, "schema"]],
  readLines: [1, [...decode, "limit"]],
  readCsv: [1, [...decode, "delimiter", "raw", "limit"]],
  writeText: [2, encode],
  writeBytes: [2, encode],
  writeJson: [2, [...encode, "indent"]],
  writeLines: [2, encode],
  writeCsv: [2, [...encode, "delimiter", "newline"]],
  update: [2, settled],
  readRange: [2, read],
  readRanges: [2, read],
  readStream: [1, [...bytes, "range"]],
  writeStream: [2, encode],
  open: [1, ask],
  writeFrom: [2, encode],
  list: [1, list],
  glob: [1, glob],
  usage: [1, list],
  stat: [1, ask],
  exists: [1, ["signal"]],
  copy: [2, [...transfer, "ifMatch", "ifNoneMatch", "compress", "decompress"]],
  move: [2, [...transfer, "ifMatch", "ifNoneMatch"]],
  remove: [1, [...transfer, "recursive", "ifMatch"]],
  createBucket: [1, ["signal", "region"]],
  removeBucket: [1, ["signal"]],
  presign: [1, ["signal", "expiresIn", "method"]],
};

/** These give a listing or a stream at once, so a mistake is thrown at once, too. */
const immediate: ReadonlySet<string> = new Set(["list", "glob", "readStream"]);

/** The verbs, each refusing options that it does not have: TypeError, with the one that was probably meant. */
export function withClosedOptions<V extends object>(open: V): V {
  return Object.fromEntries(
    Object.entries(open as Record<string, (...given: unknown[]) => unknown>).map(([verb, run]) => [
      verb,
      closed(verb, run),
    ]),
  ) as V;
}

function closed(verb: string, run: (...given: unknown[]) => unknown): (...given: unknown[]) => unknown {
  const [at = 1, names = read] = verbs[verb] ?? [];
  const known = new Set(names);
  return (...given) => {
    // the callback form of localCopy has its options one further
    const options = given[typeof given[at] === "function" && verb === "localCopy" ? at + 1 : at];
    if (options === undefined) return run(...given);
    const mistake = mistakeIn(`${verb}()`, options, known);
    if (mistake === undefined) return run(...given);
    if (immediate.has(verb)) throw mistake;
    return Promise.reject(mistake);
  };
}

const s3Names = [
  "anonymous",
  "profile",
  "credentials",
  "region",
  "endpoint",
  "addressing",
  "requesterPays",
  "sse",
  "expectedBucketOwner",
  "checksums",
  "payloadSigning",
  "allowInsecureEndpoint",
  "dualStack",
  "fips",
];
const runtimeNames = [
  "cache",
  "network",
  "proxy",
  "caFile",
  "redirects",
  "retries",
  "concurrency",
  "memory",
  "onEvent",
];
const depotNames = new Set([...s3Names, ...runtimeNames, "roots", "location", "buckets", "env", "envFile"]);
const overrideNames = new Set([...s3Names, ...runtimeNames, "location", "root", "signal"]);
const nestedNames = {
  cache: new Set(["dir", "mode", "maxBytes", "maxAge"]),
  retries: new Set(["attempts", "budget"]),
  bucket: new Set(s3Names),
};

/** TypeError for an option of `entrepot()` or `with()`, or one inside them, that there is none of. */
export function checkDepotOptions(what: "entrepot()" | "with()", options: EntrepotOptions | Overrides<string>): void {
  refuse(mistakeIn(what, options, what === "with()" ? overrideNames : depotNames));
  const { cache, retries } = options;
  if (cache !== undefined && cache !== false) refuse(mistakeIn("cache", cache, nestedNames.cache));
  if (retries !== undefined) refuse(mistakeIn("retries", retries, nestedNames.retries));
  const buckets = "buckets" in options ? options.buckets : undefined;
  for (const [name, bucket] of Object.entries(buckets ?? {}))
    refuse(mistakeIn(`buckets[${JSON.stringify(name)}]`, bucket, nestedNames.bucket));
}

function refuse(mistake: TypeError | undefined): void {
  if (mistake !== undefined) throw mistake;
}
