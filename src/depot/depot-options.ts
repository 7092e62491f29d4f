/** The options of `entrepot()`, `with()` and of single buckets, with what their values may be. */
import {
  type Check,
  isCount,
  isFilledString,
  isFlag,
  isFunction,
  isOneOf,
  isSignal,
  kindOfValue,
  wrongValue,
} from "../error/index.ts";
import { checkS3Options } from "../store/index.ts";
import { limitChecks } from "./cache/limits.ts";
import { type Checks, isByteSize, isDuration, isLocalPath, isOptions, isSecret, naming } from "./option-checks.ts";
import { checkCount, checkMode } from "./setting-values.ts";

const isMode: Check = (value, name, what) =>
  typeof value === "number"
    ? naming(name, what, () => checkMode(value))
    : wrongValue(name, what, "a number such as 0o660", value);
const isConcurrency: Check = (value, name, what) =>
  typeof value === "number"
    ? naming(name, what, () => checkCount(value))
    : wrongValue(name, what, "a whole number from 1 to 99,999", value);
/** Their own parser shows no password; here is only what is no text at all. */
const isProxy: Check = (value, name, what) =>
  typeof value === "string" || value === false
    ? undefined
    : new TypeError(`${name} of ${what} is an address such as http://host:port, or false, not ${kindOfValue(value)}`);
const isRecord: Check = (value, name, what) =>
  typeof value === "object" && value !== null && !(Symbol.iterator in value)
    ? undefined
    : wrongValue(name, what, "{ name: value }", value);

const isRootText: Check = (value, name, what) =>
  (typeof value === "string" && value !== "") || value instanceof URL
    ? undefined
    : wrongValue(name, what, "an address or a folder", value);
const readAndWrite = isOptions(
  { read: isRootText, write: isRootText },
  { expected: "an address, a folder or { read, write }" },
);
const isRoot: Check = (value, name, what) => {
  if (typeof value === "string" || value instanceof URL) return isRootText(value, name, what);
  const mistake = readAndWrite(value, name, what);
  if (mistake !== undefined) return mistake;
  const { read, write } = value as { readonly read?: unknown; readonly write?: unknown };
  return read === undefined || write === undefined
    ? new TypeError(`${name} of ${what} needs both read and write`)
    : undefined;
};
const isRoots: Check = (value, name, what) => {
  const mistake = isRecord(value, name, what);
  if (mistake !== undefined) return mistake;
  for (const [location, root] of Object.entries(value as object)) {
    const wrong = root === undefined ? undefined : isRoot(root, `${name}.${location}`, what);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};

const keyNames: Readonly<Record<string, string>> = {
  accesskeyid: "accessKeyId",
  accesskey: "accessKeyId",
  awsaccesskeyid: "accessKeyId",
  key: "accessKeyId",
  secretaccesskey: "secretAccessKey",
  secretkey: "secretAccessKey",
  awssecretaccesskey: "secretAccessKey",
  secret: "secretAccessKey",
  sessiontoken: "sessionToken",
  awssessiontoken: "sessionToken",
  token: "sessionToken",
};
function keyHint(name: string): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[_-]/g, "");
  if (plain === "expiration" || plain === "expires") return "write expiresMs, milliseconds since 1970";
  return Object.hasOwn(keyNames, plain) ? `did you mean ${keyNames[plain]}?` : undefined;
}
const isTime: Check = (value, name, what) =>
  Number.isFinite(value) ? undefined : wrongValue(name, what, "milliseconds since 1970", value);
const passing: Check = () => undefined;
const isKeys = isOptions(
  {
    accessKeyId: isSecret,
    secretAccessKey: isSecret,
    sessionToken: isSecret,
    expiresMs: isTime,
    // what providers of the AWS SDK say besides
    accountId: passing,
    credentialScope: passing,
    $source: passing,
  },
  { hint: keyHint, expected: "{ accessKeyId, secretAccessKey } or a function that gives them" },
);
const isCredentials: Check = (value, name, what) => {
  if (typeof value === "function") return undefined;
  if (typeof value === "string")
    return new TypeError(`${name} of ${what} is { accessKeyId, secretAccessKey }, not text`);
  const mistake = isKeys(value, name, what);
  if (mistake !== undefined) return mistake;
  const given = value as Readonly<Record<string, unknown>>;
  const missing = ["accessKeyId", "secretAccessKey"].find((key) => given[key] === undefined);
  return missing === undefined ? undefined : new TypeError(`${name} of ${what} has no ${missing}`);
};

/** Those that S3 itself knows the meaning of. */
const byStore =
  (option: "sse" | "checksums" | "payloadSigning" | "expectedBucketOwner"): Check =>
  (value, _name, what) =>
    naming(option, what, () => checkS3Options({ [option]: value } as object));
const settingWord = (values: readonly string[], hints?: Readonly<Record<string, string>>) =>
  isOneOf(values, hints, RangeError);

const s3Checks: Checks = {
  anonymous: isFlag,
  profile: isFilledString,
  credentials: isCredentials,
  region: isFilledString,
  endpoint: isFilledString,
  addressing: settingWord(["path", "virtual"]),
  requesterPays: isFlag,
  sse: byStore("sse"),
  expectedBucketOwner: byStore("expectedBucketOwner"),
  checksums: byStore("checksums"),
  payloadSigning: byStore("payloadSigning"),
  allowInsecureEndpoint: isFlag,
  dualStack: isFlag,
  fips: isFlag,
};
const cacheOptions = isOptions(
  { dir: isLocalPath, mode: isMode, ...limitChecks, maxAge: isDuration },
  { expected: "{ dir, mode, maxBytes, maxAge … } or false" },
);
const isCache: Check = (value, name, what) => {
  if (value === false) return undefined;
  const mistake = cacheOptions(value, name, what);
  const hint = typeof value === "string" ? ": a folder is cache: { dir: … }" : value === true ? ": leave it out" : "";
  return mistake === undefined || hint === "" ? mistake : new TypeError(mistake.message + hint);
};
const runtimeChecks: Checks = {
  cache: isCache,
  network: settingWord(["auto", "online", "offline"]),
  outbox: isFlag,
  proxy: isProxy,
  caFile: isLocalPath,
  redirects: settingWord(["same-host", "any"]),
  retries: isOptions({ attempts: isCount(1), budget: isDuration }, { expected: "{ attempts, budget }" }),
  concurrency: isConcurrency,
  memory: isByteSize,
  onEvent: isFunction,
};

export const bucketChecks: ReadonlyMap<string, Check> = new Map(Object.entries(s3Checks));
export const depotChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    ...s3Checks,
    ...runtimeChecks,
    roots: isRoots,
    location: isFilledString,
    buckets: isRecord,
    env: isRecord,
    envFile: ((value, name, what) => (value === false ? undefined : isLocalPath(value, name, what))) satisfies Check,
  }),
);
export const overrideChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({ ...s3Checks, ...runtimeChecks, location: isFilledString, root: isRoot, signal: isSignal }),
);
