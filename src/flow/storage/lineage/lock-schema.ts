/** What the entries of a lock file may be: everything that is none is refused, so that nothing strange is asked of a server. */
import type { LockedInput } from "./inputs-lock.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string" && value !== "";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTime: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTrue: Check = (value) => value === true;
const isDigest: Check = (value) => typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const isExpression: Check = (value) => {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [source, flags] = value as readonly unknown[];
  if (!isText(source) || typeof flags !== "string") return false;
  try {
    return new RegExp(source as string, flags) instanceof RegExp;
  } catch {
    return false;
  }
};

type Fields = Readonly<Record<string, readonly [check: Check, required?: true]>>;

const question: Fields = {
  verb: [oneOf("list", "glob", "store"), true],
  patterns: [isTexts],
  kind: [oneOf("object", "folder", "any")],
  depth: [isCount],
  match: [isExpression],
  prefix: [isTrue],
  versions: [isTrue],
  include: [isTexts],
  exclude: [isTexts],
  minSize: [isCount],
  maxSize: [isCount],
  newerMs: [isTime],
  olderMs: [isTime],
  rollUp: [isTrue],
  startAfter: [isText],
};

const kinds: Readonly<Record<string, Fields>> = {
  object: {
    uri: [isText, true],
    etag: [isText],
    versionId: [isText],
    checksum: [isDigest],
    sizeBytes: [isCount, true],
    modifiedMs: [isTime],
  },
  absent: { uri: [isText, true] },
  listing: {
    uri: [isText, true],
    options: [(value) => typeof picked(value, question) === "object", true],
    digest: [isDigest, true],
    entries: [isCount, true],
    ended: [isTrue],
    without: [isTexts],
  },
};

/** The entry with its known fields, or what is wrong with it in words. */
export function inputOf(value: unknown): LockedInput | string {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  const fields = typeof kind === "string" && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (fields === undefined) return 'has no "kind" that is object, absent or listing';
  const entry = picked(value, fields);
  if (typeof entry === "string") return entry;
  if (kind !== "listing") return { kind, ...entry } as unknown as LockedInput;
  return { kind, ...entry, options: picked(entry["options"], question) } as unknown as LockedInput;
}

function picked(value: unknown, fields: Fields): Readonly<Record<string, unknown>> | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "is no object";
  const entry: Record<string, unknown> = {};
  for (const [name, [check, required]] of Object.entries(fields)) {
    const field: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    if (field === undefined && required !== true) continue;
    if (!check(field)) return `has a "${name}" that is none`;
    entry[name] = field;
  }
  return entry;
}
