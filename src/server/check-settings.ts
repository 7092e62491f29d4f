/** Refuses settings of a server that are misspelt or make no sense, before anything is opened. TypeErrors, no secrets in them. */
import { mistakeIn } from "../error/index.ts";
import { bucketNameMistake } from "./bucket-name.ts";
import { personalityNames } from "./personality/personalities.ts";
import { shown } from "./shown.ts";

interface ValueRule {
  readonly isRight: (value: unknown) => boolean;
  readonly expected: string;
}

const flag: ValueRule = { isRight: (value) => typeof value === "boolean", expected: "true or false" };
const action: ValueRule = { isRight: (value) => typeof value === "function", expected: "a function" };
const names: ValueRule = {
  isRight: (value) => Array.isArray(value) && value.every((name) => typeof name === "string" && name !== ""),
  expected: "an array of names",
};

const rules = {
  host: { isRight: (value) => isText(value), expected: "an address of this machine" },
  port: {
    isRight: (value) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535,
    expected: "a whole number from 0 (any free one) to 65535",
  },
  dir: { isRight: (value) => isText(value), expected: "the path of a folder" },
  region: {
    isRight: (value) => typeof value === "string" && /^[a-z0-9-]+$/.test(value),
    expected: 'the name of a region, e.g. "us-east-1"',
  },
  domains: names,
  customDomains: names,
  personality: {
    isRight: (value) => (personalityNames as readonly unknown[]).includes(value),
    expected: `one of ${personalityNames.join(", ")}`,
  },
  fixtures: {
    isRight: (value) => isText(value) || (typeof value === "object" && value !== null),
    expected: 'objects by address, e.g. { "bucket/key": "text" }, or the path of a folder',
  },
  tls: {
    isRight: (value) => typeof value === "boolean" || isCertificate(value),
    expected: "true, or { cert, key } in PEM form",
  },
  anonymous: flag,
  strictRegion: flag,
  now: action,
  clock: {
    isRight: (value) =>
      typeof value === "object" &&
      value !== null &&
      ["now", "sleep"].every((name) => typeof Reflect.get(value, name) === "function"),
    expected: "a clock: { now(), sleep(ms, signal) }",
  },
  seed: { isRight: (value) => Number.isSafeInteger(value), expected: "a whole number" },
  log: action,
  onRequest: action,
  onOperation: action,
  onAnswer: action,
  onInternalError: action,
} as const satisfies Record<string, ValueRule>;

const credentialNames: ReadonlySet<string> = new Set([
  ...["accessKeyId", "secretAccessKey", "sessionToken", "user", "expiresAtMs"],
]);

/**
 * Looks at every option that has a rule: the ones above, `buckets`, `users`, `credentials`. `known` are all names that `what`
 * takes. Error: TypeError.
 */
export function checkSettings(what: string, settings: object, known: ReadonlySet<string>): void {
  const mistake = mistakeIn(what, settings, known);
  if (mistake !== undefined) throw mistake;
  const given = settings as Readonly<Record<string, unknown>>;
  for (const [name, { isRight, expected }] of Object.entries(rules)) {
    const value = given[name];
    if (value === undefined || isRight(value)) continue;
    throw new TypeError(`${name} of ${what} is ${expected}, not ${shown(value)}`);
  }
  if (given["buckets"] !== undefined) checkBuckets(what, given["buckets"]);
  if (given["users"] !== undefined) checkUsers(what, given["users"]);
  if (given["credentials"] !== undefined) checkCredentials(`credentials of ${what}`, given["credentials"]);
}

/** Error: TypeError, which says nothing of what the secret is. */
export function checkCredentials(what: string, credentials: unknown): void {
  const mistake = mistakeIn(what, credentials, credentialNames);
  if (mistake !== undefined) throw mistake;
  const given = credentials as Readonly<Record<string, unknown>>;
  const { accessKeyId, secretAccessKey, sessionToken, user, expiresAtMs } = given;
  if (!isKey(accessKeyId)) throw new TypeError(`accessKeyId in ${what} is text without spaces, commas or controls`);
  if (!isSecret(secretAccessKey))
    throw new TypeError(`secretAccessKey in ${what} is text, neither empty nor with controls`);
  if (sessionToken !== undefined && !isKey(sessionToken)) {
    throw new TypeError(`sessionToken in ${what} is text without spaces, commas or controls`);
  }
  if (user !== undefined && !(typeof user === "string" && /^[\w+=,.@-]{1,64}$/.test(user))) {
    throw new TypeError(`user in ${what} is a name of at most 64 letters, digits and +=,.@_-, not ${shown(user)}`);
  }
  if (expiresAtMs !== undefined && (sessionToken === undefined || !Number.isFinite(expiresAtMs))) {
    throw new TypeError(`expiresAtMs in ${what} is when its sessionToken expires, in milliseconds since 1970`);
  }
}

const bucketParts: ReadonlySet<string> = new Set(["name", "region"]);

function checkBuckets(what: string, buckets: unknown): void {
  if (!Array.isArray(buckets)) throw new TypeError(`buckets of ${what} is an array of names, not ${shown(buckets)}`);
  for (const bucket of buckets as readonly unknown[]) {
    const placed = typeof bucket === "object" && bucket !== null;
    const unknown = placed ? mistakeIn(`a bucket of ${what}`, bucket, bucketParts) : undefined;
    if (unknown !== undefined) throw unknown;
    const { name, region } = (placed ? bucket : { name: bucket }) as Readonly<Record<string, unknown>>;
    const mistake = typeof name === "string" ? bucketNameMistake(name) : `${shown(name)} is no name`;
    if (mistake !== undefined) throw new TypeError(`buckets of ${what}: ${mistake}`);
    if (placed && !rules.region.isRight(region)) {
      throw new TypeError(`region of a bucket of ${what} is ${rules.region.expected}, not ${shown(region)}`);
    }
  }
}

function checkUsers(what: string, users: unknown): void {
  if (!Array.isArray(users)) throw new TypeError(`users of ${what} is an array of credentials, not ${shown(users)}`);
  const keys = new Set<unknown>();
  for (const one of users as readonly unknown[]) {
    checkCredentials(`users of ${what}`, one);
    const { accessKeyId, user } = one as Readonly<Record<string, unknown>>;
    if (user === undefined) throw new TypeError(`users of ${what}: each has a name, user`);
    if (keys.has(accessKeyId)) throw new TypeError(`users of ${what}: no two have the same accessKeyId`);
    keys.add(accessKeyId);
  }
}
function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}

/** Whether they fit is seen when they are used. */
function isCertificate(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { cert, key, ca, ...others } = value as Readonly<Record<string, unknown>>;
  return isText(cert) && isText(key) && (ca === undefined || isText(ca)) && Object.keys(others).length === 0;
}

/** What can stand in a credential scope and in a header. */
function isKey(value: unknown): boolean {
  return typeof value === "string" && /^[\x21-\x2b\x2d-\x7e]+$/.test(value);
}

function isSecret(value: unknown): boolean {
  return typeof value === "string" && /^[^\p{Cc}]+$/u.test(value);
}
