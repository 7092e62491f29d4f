/** What polars says of JSON lines that it cannot read, with the line, the column and the way out. */
import { isUtf8 } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import { EntrepotError } from "../../error/index.ts";
import { engineError } from "../engine.ts";
import { UnfitCell } from "../read/unfit-cell.ts";

export interface LinedText {
  readonly uri: string;
  /** What a line of it is called. */
  readonly unit: "line" | "value";
  chunks(): AsyncIterable<Uint8Array>;
}

/** Whatever is neither polars' nor a cell's stays. */
export async function explainedJson(error: unknown, text: LinedText): Promise<unknown> {
  if (error instanceof UnfitCell) return placed(error, text);
  if (error instanceof EntrepotError || !(error instanceof Error)) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  const seen: Seen = new Map();
  for await (const { bytes, line } of linesOf(text.chunks())) {
    const fault = faultOf(bytes, line, seen, text, error);
    if (fault !== undefined) return fault;
  }
  return engineError(error, text.uri, "reading");
}

/** By the keys that lead there: what was seen first, and in which line. */
type Seen = Map<string, { readonly kind: string; readonly line: number }>;

function faultOf(bytes: Buffer, line: number, seen: Seen, text: LinedText, cause: Error): EntrepotError | undefined {
  const { uri, unit } = text;
  const malformed = (said: string, hint: string) =>
    new EntrepotError("malformed", `${uri} ${said}`, { uri, cause, hint });
  if (!isUtf8(bytes))
    return malformed(
      `is no UTF-8 in ${unit} ${line}`,
      "JSON is UTF-8: readText with an encoding and writeText make it that",
    );
  const parsed = parse(bytes.toString("utf8"));
  if ("reason" in parsed)
    return malformed(`has no JSON in ${unit} ${line}: ${parsed.reason}`, hintOf(bytes.toString("utf8"), line, unit));
  const kind = kindOf(parsed.value);
  if (kind !== "an object")
    return malformed(
      `has ${kind ?? "null"} in ${unit} ${line}, where a row is an object`,
      kind === "an array" && unit === "line" && line === 1
        ? '{ format: "json" } reads an array of objects'
        : 'a row is { "column": value }',
    );
  const clash = clashIn(parsed.value, [], line, seen);
  if (clash === undefined) return undefined;
  const column = JSON.stringify(clash.path[0]);
  const name = clash.path.map((key) => JSON.stringify(key)).join(".");
  return malformed(
    `has ${clash.kind} in column ${name}, ${unit} ${line}, where ${unit} ${clash.before.line} has ${clash.before.kind}`,
    `{ types: { ${column}: "string" } } takes all values of the column for text`,
  );
}

function parse(text: string): { readonly value: unknown } | { readonly reason: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // what it shows of the line is there to be looked at
    return { reason: said.replace(/, (\.{3})?".*"(\.{3})? is not valid JSON$/s, "").replace(/ in JSON at.*$/s, "") };
  }
}

function hintOf(text: string, line: number, unit: string): string {
  if (/[:[,]\s*-?(NaN|Infinity|nan|inf)\b/.test(text))
    return "JSON has no NaN and no infinity: null is what is missing";
  if (line === 1 && unit === "line" && /^\s*[{[]\s*$/.test(text))
    return 'is it one value in many lines? { format: "json" }';
  return "each row is one object: was it written to its end, or cut?";
}

function kindOf(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return "an array";
  return { object: "an object", string: "text", number: "a number", boolean: "a boolean" }[typeof value as "string"];
}

interface Clash {
  readonly path: readonly string[];
  readonly kind: string;
  readonly before: { readonly kind: string; readonly line: number };
}

function clashIn(value: unknown, path: readonly string[], line: number, seen: Seen): Clash | undefined {
  if (Array.isArray(value)) {
    for (const each of value) {
      const clash = clashAt(each, [...path, "[]"], line, seen);
      if (clash !== undefined) return clash;
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      const clash = clashAt(each, [...path, key], line, seen);
      if (clash !== undefined) return clash;
    }
  }
  return undefined;
}

function clashAt(value: unknown, path: readonly string[], line: number, seen: Seen): Clash | undefined {
  const kind = kindOf(value);
  if (kind === undefined) return undefined;
  const place = JSON.stringify(path);
  const before = seen.get(place);
  // text holds all others
  if (before !== undefined && before.kind !== kind && before.kind !== "text" && kind !== "text")
    return { path: path.filter((key) => key !== "[]"), kind, before };
  if (before === undefined) seen.set(place, { kind, line });
  return clashIn(value, path, line, seen);
}

/** With the line that such a value of the column first stands in. */
async function placed(error: UnfitCell, { chunks, unit }: LinedText): Promise<EntrepotError> {
  const { column, text } = error.unfit;
  for await (const { bytes, line } of linesOf(chunks())) {
    const parsed = parse(bytes.toString("utf8"));
    const row = "value" in parsed ? (parsed.value as Readonly<Record<string, unknown>> | null) : null;
    if (row !== null && Object.hasOwn(row, column) && String(row[column]) === text) return error.at(`${unit} ${line}`);
  }
  return error;
}

/** Those that are not blank. */
async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly bytes: Buffer; readonly line: number }> {
  let parts: Uint8Array[] = [];
  let line = 1;
  const isBlank = (bytes: Buffer) => bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
      const whole = Buffer.concat([...parts, bytes.subarray(start, end)]);
      parts = [];
      if (!isBlank(whole)) yield { bytes: whole, line };
      line += 1;
      start = end + 1;
    }
    if (start < bytes.length) parts.push(bytes.subarray(start));
    await nextTurn();
  }
  const last = Buffer.concat(parts);
  if (!isBlank(last)) yield { bytes: last, line };
}
