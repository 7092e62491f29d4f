/** The options of each verb, with what their values may be. */
import {
  type Check,
  isCount,
  isFilledString,
  isFlag,
  isFunction,
  isOneOf,
  isString,
  wrongValue,
} from "../error/index.ts";
import { checkRange } from "../store/index.ts";
import { filters } from "./filters/filter-checks.ts";
import {
  type Checks,
  cache,
  compress,
  conditions,
  decompress,
  described,
  encoding,
  isByteSize,
  isCondition,
  isDuration,
  isLocalPath,
  isOptions,
  isPattern,
  naming,
  onlyThrow,
  onReadError,
  onWriteError,
  pickleLimits,
  progress,
  recode,
  signal,
} from "./option-checks.ts";
import { checkDeleteLimit } from "./sync/delete-limit.ts";
import { newline, tableRead, tableWrite } from "./table/option-checks.ts";

const ask = { ...signal, ...onReadError, ...cache };
const read = { ...ask, ...progress };
const readOrThrow = { ...read, ...onlyThrow };
const bytes = { ...read, ...decompress };
const decode = { ...bytes, ...encoding };
const settled = { ...signal, ...progress, ...onWriteError, ...described };
const encode = { ...settled, ...conditions, ...compress };
const encodeOrThrow = { ...encode, ...onlyThrow };
const isShards: Check = (value, name, what) =>
  typeof value === "string" ? isOneOf(["auto"])(value, name, what) : isCount(1)(value, name, what);
const glob = {
  ...signal,
  ...filters,
  kind: isOneOf(["object", "folder", "any"]),
  depth: isCount(1),
  match: isPattern,
  shards: isShards,
};
const list = { ...glob, prefix: isFlag };
const telling = { ...signal, ...progress, ...onWriteError, dryRun: isFlag, match: isPattern, onFile: isFunction };
const transfer = { ...telling, maxRequests: isCount(0), maxBytes: isByteSize, onPlan: isFunction, onJob: isFunction };
const { match: _, ...resumed } = transfer;
const uploads = { ...signal, all: isFlag, olderThan: isDuration };
const chosen = { ...transfer, ...filters };
const names = { names: isOneOf(["refuse", "map", "portable"], { true: "write map", false: "write refuse" }) };
const limit = { limit: isCount(0, { orInfinity: true }) };

const archiveFormat = isOneOf(["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"], {
  tgz: "write tar.gz",
  gztar: "write tar.gz",
  bztar: "write tar.bz2",
  xztar: "write tar.xz",
});
const isModified: Check = (value, name, what) =>
  value === "keep" || (value instanceof Date && !Number.isNaN(value.getTime()))
    ? undefined
    : wrongValue(name, what, 'a Date or "keep"', value);
const archiving = {
  ...signal,
  ...progress,
  dryRun: isFlag,
  match: isPattern,
  onFile: isFunction,
  format: archiveFormat,
};
const pack = { ...archiving, ...described, ...conditions, modified: isModified };
const expanding: Checks = { maxBytes: isByteSize, maxRatio: isCount(1, { orInfinity: true }) };
const unpack = {
  ...archiving,
  ...cache,
  existing: isOneOf(["merge", "replace"], { refuse: "leave it out" }),
  links: isOneOf(["refuse", "skip"]),
  similarNames: isOneOf(["refuse", "keep"]),
  maxEntries: isCount(1),
  ...expanding,
};
const snapshot = { ...signal, version: isFilledString, local: isFlag };
const isSchema: Check = (value, name, what) => {
  const standard = (value as { readonly "~standard"?: { readonly validate?: unknown } } | null)?.["~standard"];
  return typeof standard?.validate === "function" ? undefined : wrongValue(name, what, "a Standard Schema", value);
};
const isFunctions: Check = (value, name, what) =>
  typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "function")
    ? undefined
    : wrongValue(name, what, 'functions by name: { "module.Class": (state) => … }', value);
const isProtocol: Check = (value, name, what) =>
  [2, 3, 4, 5].includes(value as number) ? undefined : wrongValue(name, what, "2, 3, 4 or 5", value);
const isLimit: Check = (value, name, what) => naming(name, what, () => checkDeleteLimit(value as never));
const isRange: Check = (value, name, what) => naming(name, what, () => checkRange(value as never));
const readMany: Checks = {
  ...decode,
  ...filters,
  as: isOneOf(["bytes", "text", "lines", "json", "stream"]),
  schema: isSchema,
  match: isPattern,
  prefix: isFlag,
  lookAhead: isCount(1),
  onSkipped: isFunction,
};
const isFormat: Check = (value, name, what) =>
  value === 2 || value === 3 ? undefined : wrongValue(name, what, "2 or 3", value);
const completeWhen = { marker: isFilledString, file: isFilledString, manifest: isFilledString, stableFor: isDuration };
const isCompleteWhen: Check = (value, name, what) => {
  const mistake = isOptions(completeWhen, { expected: 'an object such as { file: "_SUCCESS" }' })(value, name, what);
  if (mistake !== undefined || Object.values(value as object).filter((each) => each !== undefined).length === 1)
    return mistake;
  return new TypeError(`${name} of ${what} says one of marker, file, manifest and stableFor`);
};
/** Checked where it is resolved. */
const isAddress: Check = () => undefined;
const methods = { DELETE: "what removes is for those with credentials: remove()", HEAD: "a URL for GET is one" };

/** For each verb, after how many arguments the options come, and what they may be. */
export const verbOptions: Readonly<Record<string, readonly [at: number, checks: Checks]>> = {
  readText: [1, decode],
  readBytes: [1, { ...bytes, ifMatch: isFilledString }],
  readJson: [1, { ...decode, schema: isSchema }],
  readLines: [1, { ...decode, ...limit }],
  readCsv: [1, { ...decode, delimiter: isString, raw: isFlag, ...limit }],
  readPickle: [1, { ...bytes, schema: isSchema, classes: isFunctions, limits: pickleLimits }],
  writeText: [2, encode],
  writeBytes: [2, encode],
  writeJson: [2, { ...encode, indent: isCount(0) }],
  writeLines: [2, encode],
  writePickle: [2, { ...encode, protocol: isProtocol }],
  writeCsv: [2, { ...encode, delimiter: isString, newline, finalNewline: isFlag }],
  readTable: [1, { ...decode, ...tableRead, limits: pickleLimits }],
  writeTable: [2, { ...encode, ...tableWrite }],
  update: [2, { ...settled, ...onlyThrow }],
  readMany: [1, readMany],
  readRange: [2, readOrThrow],
  readRanges: [2, readOrThrow],
  readStream: [1, { ...bytes, ...onlyThrow, range: isRange }],
  writeStream: [2, encodeOrThrow],
  open: [1, ask],
  localCopy: [1, read],
  localFolder: [1, { ...readOrThrow, files: isOneOf(["link", "copy"]), match: isPattern }],
  writeFrom: [2, encodeOrThrow],
  list: [1, { ...list, versions: isFlag }],
  walk: [1, { ...signal, depth: isCount(1) }],
  glob: [1, glob],
  usage: [1, { ...list, kind: isOneOf(["object"]) }],
  stat: [1, ask],
  exists: [1, signal],
  changedSince: [1, signal],
  copy: [2, { ...chosen, markers: isFlag, ...names, ...conditions, ...recode, durable: isFlag, pinned: isFlag }],
  copyNew: [
    2,
    {
      ...chosen,
      ...names,
      durable: isFlag,
      completeWhen: isCompleteWhen,
      onNew: isFunction,
      inOrder: isFlag,
      state: isLocalPath,
    },
  ],
  move: [2, { ...chosen, ...names, ...conditions, keepEmptyFolders: isFlag }],
  sync: [
    2,
    {
      ...chosen,
      ...names,
      compare: isOneOf(["auto", "checksum", "size-time", "size"]),
      delete: isFlag,
      deleteLimit: isLimit,
      durable: isFlag,
      keepEmptyFolders: isFlag,
    },
  ],
  remove: [
    1,
    {
      ...chosen,
      recursive: isFlag,
      markers: isOneOf(["only"], { true: "write only" }),
      ifMatch: isCondition,
      keepEmptyFolders: isFlag,
    },
  ],
  createBucket: [1, { ...signal, region: isFilledString }],
  removeBucket: [1, signal],
  presign: [1, { ...signal, expiresIn: isDuration, method: isOneOf(["GET", "PUT"], methods) }],
  zarr: [1, { ...signal, ...cache }],
  pack: [2, pack],
  unpack: [2, unpack],
  archive: [1, { ...signal, ...cache, format: archiveFormat, ...expanding }],
  "archive.list": [0, signal],
  "archive.readBytes": [1, signal],
  "archive.readText": [1, signal],
  "archive.readStream": [1, signal],
  "snapshots.save": [2, { ...snapshot, ...progress }],
  "snapshots.restore": [
    2,
    { ...snapshot, ...progress, ...expanding, existing: isOneOf(["refuse", "merge", "replace"]) },
  ],
  "snapshots.list": [0, snapshot],
  "snapshots.clear": [1, snapshot],
  "zarr.tree": [0, { ...signal, depth: isCount(1), format: isFormat, maxEntries: isCount(1) }],
  dataset: [1, {}],
  "dataset.publish": [1, { ...signal, ...progress, base: isFilledString, rebase: isFlag }],
  "dataset.open": [0, { ...signal, generation: isFilledString, lease: isDuration }],
  "dataset.history": [0, signal],
  "dataset.rollback": [1, { ...signal, dryRun: isFlag }],
  "dataset.gc": [0, { ...signal, keep: isCount(1), olderThan: isDuration, dryRun: isFlag }],
  // those of `cache`
  "cache.stats": [0, { ...signal, detail: isFlag }],
  "cache.list": [1, signal],
  "cache.prune": [1, { ...signal, ...progress, dryRun: isFlag, onFile: isFunction }],
  "cache.clear": [1, { ...signal, ...progress, dryRun: isFlag, onFile: isFunction }],
  "cache.verify": [0, { ...signal, ...progress, repair: isFlag, refetch: isFlag, folder: isAddress }],
  "cache.explain": [1, {}],
  "cache.link": [1, { ...signal, folder: isAddress }],
  "cache.pin": [1, { ...telling, prefix: isFlag }],
  "cache.unpin": [1, { ...signal, prefix: isFlag }],
  "cache.pins": [1, signal],
  "offline.outbox": [0, signal],
  "offline.push": [
    0,
    { ...signal, ...progress, ...onWriteError, dryRun: isFlag, onFile: isFunction, overwrite: isFilledString },
  ],
  "offline.discard": [1, signal],
  "offline.save": [2, signal],
  "offline.status": [1, { ...signal, missing: isCount(0) }],
  // those of `jobs`
  "jobs.list": [0, signal],
  "jobs.resume": [1, resumed],
  "jobs.abort": [1, signal],
  "jobs.gc": [0, { ...signal, dryRun: isFlag, olderThan: isDuration }],
  "jobs.uploads": [1, uploads],
  "jobs.abortUploads": [1, { ...uploads, dryRun: isFlag }],
  resolve: [1, { location: isFilledString, for: isOneOf(["read", "write"]) }],
};

/** These may be given a function before their options. */
export const callbackVerbs: ReadonlySet<string> = new Set(["localCopy", "localFolder"]);

/** These give a listing, a stream or text at once, so a mistake is thrown at once, too. */
export const immediateVerbs: ReadonlySet<string> = new Set([
  "list",
  "glob",
  "walk",
  "readStream",
  "readMany",
  "zarr",
  "dataset",
  "archive",
  "archive.list",
  "archive.readStream",
  "snapshots.list",
  "cache.list",
  "cache.pins",
  "resolve",
]);
