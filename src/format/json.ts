/** Bytes ↔ JSON values, strictly: what cannot be said in JSON is refused instead of being left out. */
import { EntrepotError } from "../error/index.ts";
import { jsonErrorAt } from "./json-position.ts";
import { type TextOptions, textOf } from "./text.ts";

/** `unknown` less `undefined`. */
export type Json = {} | null;

export interface JsonWriteOptions {
  /** Spaces per level, 0 to 10. Default 0: all on one line. */
  readonly indent?: number | undefined;
}

/**
 * Reads one JSON value; one byte order mark is dropped. Of two keys of one name the last counts; half of a surrogate pair is what its
 * escape says. Error: malformed, with line, column and offset but never the text, which may
 * be secret.
 */
export function jsonOf(source: Uint8Array | string, options: TextOptions = {}): Json {
  const text = typeof source === "string" ? source : textOf(source, options);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw wrongJson(text, error, options.uri);
  }
}

/**
 * Writes a value as JSON. `TypeError` for what JSON would turn into something else without a word: promises, functions, symbols,
 * bigints, maps, sets, binary data, regular expressions, errors, NaN and infinities, and `undefined` except as a property.
 */
export function jsonText(value: unknown, options: JsonWriteOptions = {}): string {
  const { indent = 0 } = options;
  if (!(Number.isInteger(indent) && indent >= 0 && indent <= 10))
    throw new RangeError(`indent is 0 to 10, not ${indent}`);
  return JSON.stringify(value, refuse, indent);
}

const unwritable =
  /^\[object (?:Promise|Map|Set|WeakMap|WeakSet|WeakRef|RegExp|Error|ArrayBuffer|SharedArrayBuffer|DataView|\w+Array|Generator|AsyncGenerator)\]$/;

/** Called by `JSON.stringify` for every value, after `toJSON`. */
function refuse(this: unknown, key: string, value: unknown): unknown {
  const what = whyNot(value, this, key);
  if (what === undefined) return value;
  throw new TypeError(`${what} cannot be written as JSON${key === "" ? "" : ` (at ${JSON.stringify(key)})`}`);
}

function whyNot(value: unknown, holder: unknown, key: string): string | undefined {
  switch (typeof value) {
    case "undefined":
      // A property that is undefined is a property that is not there.
      return key !== "" && !Array.isArray(holder) ? undefined : "undefined";
    case "function":
    case "symbol":
    case "bigint":
      return `a ${typeof value}`;
    case "number":
      return Number.isFinite(value) ? undefined : String(value);
    case "object": {
      const written = (holder as Readonly<Record<string, unknown>>)[key];
      // A Buffer has a `toJSON`, and an invalid date is `null` there.
      if (ArrayBuffer.isView(written)) return "binary data";
      if (written instanceof Date) return "an invalid date";
      if (value === null || Array.isArray(value)) return undefined;
      const tag = Object.prototype.toString.call(value);
      if (!unwritable.test(tag)) return "then" in value && typeof value.then === "function" ? "a promise" : undefined;
      return `a ${tag.slice(8, -1).toLowerCase()}`;
    }
    default:
      return undefined;
  }
}

function wrongJson(text: string, error: unknown, uri: string | undefined): unknown {
  if (!(error instanceof SyntaxError)) return error;
  const at = jsonErrorAt(text) ?? text.length;
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  const what = at >= text.length ? "it ends too early" : "an unexpected character";
  // The engine's own message repeats a piece of the text.
  return new EntrepotError("malformed", `not JSON: ${what} at line ${line}, column ${column} (offset ${at})`, {
    uri,
    hint: text.trim() === "" ? "the text is empty" : "read it as text to see it",
  });
}
