/** Hive's way to say values of columns in the names of folders: `year=2024/month=01/`. Pure. */
import type { Constant } from "../rows/fit.ts";
import type { Kind } from "../values/kind.ts";

/** Of the folder of missing values, as Hive has it. */
export const missing = "__HIVE_DEFAULT_PARTITION__";

/** The names and texts that the folders of a key say, `null` for a missing value; the file's own name says nothing. */
export function partitionsOfKey(key: string): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  for (const folder of key.split("/").slice(0, -1)) {
    const at = folder.indexOf("=");
    if (at <= 0) continue;
    const value = folder.slice(at + 1);
    found.set(decoded(folder.slice(0, at)), value === missing ? null : decoded(value));
  }
  return found;
}

/** `year=2024/` for values as text. */
export function partitionPath(values: readonly (readonly [name: string, text: string | null])[]): string {
  return values.map(([name, text]) => `${named(name)}=${text === null ? missing : encoded(text)}/`).join("");
}

/** Which type holds all texts of a column exactly: whole numbers, days and booleans where each is written as it would be again, else text. */
export function kindOfTexts(texts: Iterable<string | null>): Kind {
  let isInteger = true;
  let isDate = true;
  let isBoolean = true;
  let any = false;
  for (const text of texts) {
    if (text === null) continue;
    any = true;
    isInteger &&= /^(0|-?[1-9]\d{0,17})$/.test(text);
    isBoolean &&= text === "true" || text === "false";
    isDate &&= /^\d{4}-\d\d-\d\d$/.test(text) && dayOf(text) !== undefined;
  }
  if (any && isInteger) return { kind: "int", bits: 64, signed: true };
  if (any && isBoolean) return { kind: "boolean" };
  return any && isDate ? { kind: "date" } : { kind: "string" };
}

/** The value of a column whose texts are of this kind. */
export function constantOf(text: string | null, kind: Kind): Constant {
  if (text === null) return { kind, value: null };
  if (kind.kind === "int") return { kind, value: BigInt(text) };
  if (kind.kind === "boolean") return { kind, value: text === "true" };
  return { kind, value: kind.kind === "date" ? BigInt(dayOf(text) ?? 0) : text };
}

const dayMs = 86_400_000;

/** Days since 1970. */
function dayOf(text: string): number | undefined {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : ms / dayMs;
}

/** Readers take what begins with one of these for no part of a table. */
function named(column: string): string {
  return encoded(column).replace(/^[._]/, (first) => (first === "." ? "%2E" : "%5F"));
}

/** What cannot stand in the name of a folder of any store. */
function encoded(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what it looks for
  return text.replace(/[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g, (unit) => {
    const code = unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
    return `%${code}`;
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
