/** The conditions of `entrepot find`, from the words of the command line to a function of an entry. */
import {
  type ByteSize,
  type EntryOf,
  type FilterOptions,
  momentMs,
  parseByteSize,
  parseMoment,
} from "../depot/index.ts";
import { compileGlob } from "../uri/index.ts";
import { choice, parsed, type ValueOption, type ValuesOf } from "./option.ts";
import { UsageError } from "./usage-error.ts";

/** `"+"` more than, `"-"` less than, `""` exactly so many bytes. */
interface SizeCondition {
  readonly sign: "+" | "-" | "";
  readonly sizeBytes: number;
}
type When = NonNullable<FilterOptions["newerThan"]>;
type Matcher = (text: string) => boolean;

const when = (summary: string): ValueOption<When> => parsed("WHEN", summary, parseMoment);

export const findOptions: {
  readonly name: ValueOption<Matcher>;
  readonly size: ValueOption<SizeCondition>;
  readonly newer: ValueOption<When>;
  readonly older: ValueOption<When>;
  readonly type: ValueOption<"object" | "folder" | "any" | "f" | "d">;
} = {
  name: parsed("GLOB", "the last name matches: * ? [a-z] [!a] {a,b}", parseName),
  size: parsed("SIZE", "+1MB more, 1MB exactly so many, --size=-1MB less; 1M is 1 MiB", parseSize),
  newer: { ...when("changed after this: 7d (ago), 2026-01-31, 2026-01-31T12:00:00Z"), also: ["newer-than"] },
  older: { ...when("changed before this"), also: ["older-than"] },
  type: {
    ...choice(["object", "folder", "any", "f", "d"], "only these; f and d as with find(1)", "t"),
    also: ["kind"],
  },
};

export interface Condition {
  /** What to list. */
  readonly kind: keyof EntryOf;
  readonly holds: (entry: EntryOf["any"]) => boolean;
}

/** Beside `size`, as other commands have it. */
type OtherSizes = Readonly<Partial<Record<"min-size" | "max-size", ByteSize | undefined>>>;

/** UsageError for conditions that nothing can meet. */
export function conditionsOf(
  { name, size, newer, older, type, ...sizes }: ValuesOf<typeof findOptions> & OtherSizes,
  nowMs: number,
): Condition {
  const onlyFolders = type === "folder" || type === "d";
  const onlyObjects = type === "object" || type === "f";
  const isSized = size !== undefined || sizes["min-size"] !== undefined || sizes["max-size"] !== undefined;
  const measured = isSized || newer !== undefined || older !== undefined;
  if (onlyFolders && measured)
    throw new UsageError("folders have neither size nor time", "leave out --size, --newer and --older");
  const afterMs = newer === undefined ? undefined : momentMs(newer, nowMs);
  const beforeMs = older === undefined ? undefined : momentMs(older, nowMs);
  const holds = (entry: EntryOf["any"]) => {
    if (name?.(entry.name) === false) return false;
    if (entry.kind === "folder") return !measured;
    const { sizeBytes, modifiedMs } = entry;
    if (size !== undefined && !hasSize(sizeBytes, size)) return false;
    return (afterMs === undefined || modifiedMs > afterMs) && (beforeMs === undefined || modifiedMs < beforeMs);
  };
  return { kind: onlyFolders ? "folder" : onlyObjects || measured ? "object" : "any", holds };
}

function hasSize(bytes: number, { sign, sizeBytes }: SizeCondition): boolean {
  if (sign === "+") return bytes > sizeBytes;
  return sign === "-" ? bytes < sizeBytes : bytes === sizeBytes;
}

function parseName(text: string): Matcher {
  if (text.includes("/")) throw new RangeError("a name has no /; entrepot glob takes patterns of paths");
  const glob = compileGlob(text);
  return (name) => glob.matches(name);
}

function parseSize(text: string): SizeCondition {
  const [, sign = "", size = ""] = /^([+-]?)(.*)$/.exec(text) ?? [];
  return { sign: sign as SizeCondition["sign"], sizeBytes: parseByteSize(size) };
}
