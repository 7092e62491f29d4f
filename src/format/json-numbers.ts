/** Numbers of a JSON text that a value would not keep, and values that are nested too deep to be written again. */
import { EntrepotError } from "../error/index.ts";
import { type Json, jsonOf } from "./json.ts";
import { type TextOptions, textOf } from "./text.ts";

/** How deep what is read exactly may be nested: what writes it is recursive. */
export const deepestJson = 1_000;

export interface LostNumber {
  /** Such as `a.b[0]`; empty for the text itself. */
  readonly path: string;
  readonly written: string;
}

/** As `jsonOf`. Also malformed: for a whole number that would lose digits, for one that is too large, and for what is nested more than 1,000 deep. */
export function exactJsonOf(source: Uint8Array | string, options: TextOptions = {}): Json {
  const text = typeof source === "string" ? source : textOf(source, options);
  const value = jsonOf(text, options);
  const lost = lostNumberOf(text);
  if (lost !== undefined) {
    const hint = "write it as text, in quotes";
    throw new EntrepotError("malformed", lostNumberMessage(lost), { uri: options.uri, hint });
  }
  if (isDeeper(value, deepestJson))
    throw new EntrepotError("malformed", `the JSON is nested more than ${deepestJson} deep`, { uri: options.uri });
  return value;
}

export function lostNumberMessage({ path, written }: LostNumber): string {
  const shown = written.length > 60 ? `${written.slice(0, 60)}…` : written;
  return `${path === "" ? "" : `${path}: `}${shown} has more digits than a number keeps`;
}

/** The first number of a JSON text that is read as another one, where the text is JSON. Digits behind a point are none that are lost. */
export function lostNumberOf(text: string): LostNumber | undefined {
  for (const [start, end] of numbersOf(text)) {
    const written = text.slice(start, end);
    if (isKept(written)) continue;
    // where it stands is told by what stands there instead
    const mark = `\0${start}`;
    const marked = `${text.slice(0, start)}${JSON.stringify(mark)}${text.slice(end)}`;
    return { path: pathOf(JSON.parse(marked), mark), written };
  }
  return undefined;
}

/** `[start, end)`. Step by step: a regular expression for a long text would run out of room. */
function* numbersOf(text: string): Generator<readonly [number, number]> {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfText(text, at);
    else if (isOfNumber(text, at) && text[at] !== "e" && text[at] !== "E") {
      const start = at;
      while (isOfNumber(text, at)) at += 1;
      yield [start, at];
    }
  }
}

/** Of the quote that ends it. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function isOfNumber(text: string, at: number): boolean {
  return at < text.length && "0123456789-+.eE".includes(text.charAt(at));
}

function isKept(written: string): boolean {
  const value = Number(written);
  if (!Number.isFinite(value)) return false;
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(written) || String(value) === written;
}

/** Whether lists and objects lie more than `most` deep in one another; of a value that holds itself, too. */
export function isDeeper(value: unknown, most: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}

function pathOf(value: unknown, mark: string): string {
  const places: (readonly [value: unknown, path: string])[] = [[value, ""]];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const [each, path] = place;
    if (each === mark) return path;
    if (typeof each !== "object" || each === null) continue;
    for (const [key, below] of Object.entries(each))
      places.push([below, Array.isArray(each) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`]);
  }
  return "";
}
