/**
 * What polars would lose of JSON lines without a word: the second of two equal keys, halves of characters, digits of numbers that become
 * text. It looks for nothing else and leaves what is no JSON to polars.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { EntrepotError } from "../../error/index.ts";
import { mostLevels } from "./may-be-deep.ts";

const [quote, backslash, colon, open, close, brace, unbrace, newline, minus] = [
  ...[0x22, 0x5c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d, 0x0a, 0x2d],
] as [number, number, number, number, number, number, number, number, number];

export interface LineFacts {
  /** Of columns, the first number in each that a float64 does not hold digit for digit. */
  readonly rounded: ReadonlyMap<string, string>;
  /** By `placeOf` of a column and the keys in it, the first whole number in each that a float64 does not hold. */
  readonly integers: ReadonlyMap<string, string>;
}

/** A column and the keys that lead to a value in it; lists have none. */
export function placeOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** Errors: malformed for a key that stands twice in one object, and for half a character; unsupported for what lies too deep. */
export async function checkLines(chunks: AsyncIterable<Uint8Array>, uri: string): Promise<LineFacts> {
  const look = new Look(uri);
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(newline) + 1;
    look.lines(Buffer.from(bytes.buffer, bytes.byteOffset, end));
    rest = bytes.slice(end);
    await nextTurn();
  }
  look.lines(Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength));
  return look;
}

class Look implements LineFacts {
  readonly rounded: Map<string, string> = new Map();
  readonly integers: Map<string, string> = new Map();
  readonly #uri: string;
  #line = 1;
  /** Keys of each object that is open; of arrays `undefined`. */
  #open: (string[] | undefined)[] = [];
  /** The key of the line that values belong to. */
  #column = "";

  constructor(uri: string) {
    this.#uri = uri;
  }

  lines(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote) at = this.#text(bytes, at);
      else if (byte === brace) this.#opened([]);
      else if (byte === open) this.#opened(undefined);
      else if (byte === unbrace || byte === close) this.#open.pop();
      else if (byte === minus || (byte >= 0x30 && byte <= 0x39)) at = this.#number(bytes, at);
      else if (byte === newline) {
        this.#line += 1;
        if (this.#open.length > 0) this.#open = [];
      }
    }
  }

  #opened(keys: string[] | undefined): void {
    this.#open.push(keys);
    if (this.#open.length > mostLevels) throw this.#deep();
  }

  /** From its first quote; gives the place of its last. */
  #text(bytes: Buffer, start: number): number {
    let end = start + 1;
    let hasEscape = false;
    for (let byte = bytes[end]; byte !== quote && byte !== undefined && byte !== newline; byte = bytes[end]) {
      if (byte === backslash) hasEscape = true;
      end += byte === backslash ? 2 : 1;
    }
    if (bytes[end] !== quote) return end - 1;
    let behind = end + 1;
    while (bytes[behind] === 0x20 || bytes[behind] === 0x09) behind += 1;
    const isKey = bytes[behind] === colon;
    if (!isKey && !hasEscape) return end;
    const raw = bytes.toString("utf8", start + 1, end);
    const text = hasEscape ? unescaped(raw) : raw;
    if (hasEscape && text !== undefined && /\p{Surrogate}/u.test(text)) throw this.#torn(raw);
    const keys = this.#open.at(-1);
    if (!isKey || keys === undefined || text === undefined) return end;
    if (keys.includes(text)) throw this.#twice(text);
    keys.push(text);
    if (this.#open.length === 1) this.#column = text;
    return behind;
  }

  #number(bytes: Buffer, start: number): number {
    let end = start + 1;
    while (isOfNumber(bytes[end])) end += 1;
    if (end - start > 15) {
      const text = bytes.toString("latin1", start, end);
      if (!this.rounded.has(this.#column) && !isHeld(text)) this.rounded.set(this.#column, text);
      if (/^-?\d+$/.test(text) && BigInt(text) !== BigInt(Number(text))) this.#integer(text);
    }
    return end - 1;
  }

  #integer(text: string): void {
    const place = placeOf(this.#open.flatMap((keys) => keys?.at(-1) ?? []));
    if (!this.integers.has(place)) this.integers.set(place, text);
  }

  #twice(key: string): EntrepotError {
    return new EntrepotError("malformed", `${this.#uri} has the key ${JSON.stringify(key)} twice, line ${this.#line}`, {
      uri: this.#uri,
      hint: "which of them counts is not said: give each key once where it is made",
    });
  }

  #deep(): EntrepotError {
    return new EntrepotError(
      "unsupported",
      `${this.#uri} has lists and objects more than ${mostLevels} levels deep, line ${this.#line}`,
      { uri: this.#uri, hint: "read it with readLines and JSON.parse, and make a table of what is needed" },
    );
  }

  #torn(text: string): EntrepotError {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    return new EntrepotError("malformed", `${this.#uri} has half a character, line ${this.#line}: ${shown}`, {
      uri: this.#uri,
      hint: "a lone surrogate such as \\ud83d is no text: write whole characters where it is made",
    });
  }
}

function unescaped(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    // polars says what is wrong with it
    return undefined;
  }
}

/** Digits, a point, an exponent with its sign. */
function isOfNumber(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === minus
  );
}

/** Whether a float64, written out again, is the same number; integers are, up to 128 bits. */
function isHeld(text: string): boolean {
  if (/^-?\d{1,38}$/.test(text)) return true;
  const [one, other] = [significant(text), significant(String(Number(text)))];
  return one === other;
}

/** Digits without zeros around them, and where the point lies. */
function significant(text: string): string {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const cut = digits.replace(/0+$/, "");
  return `${sign}${cut}e${cut === "" ? 0 : Number(power) - fraction.length + digits.length - cut.length}`;
}
