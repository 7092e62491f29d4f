/** Values that protocols 0 and 1 write as text, and whole numbers of any size. */
import { exactInt } from "./exact-int.ts";
import { malformed, PickleFault } from "./fault.ts";
import { maxDigits, maxIntBytes } from "./limits.ts";

/** Two's complement, least significant byte first. */
export function intOfBytes(bytes: Uint8Array): number | bigint {
  const { length } = bytes;
  if (length === 0) return 0;
  if (length > maxIntBytes) throw tooLong(`${length} bytes`);
  const isNegative = ((bytes[length - 1] as number) & 0x80) !== 0;
  if (length <= 6) {
    let value = 0;
    for (let at = length - 1; at >= 0; at--) value = value * 256 + (bytes[at] as number);
    return isNegative ? value - 2 ** (8 * length) : value;
  }
  const digits = Buffer.from(bytes).reverse().toString("hex");
  return exactInt(BigInt.asIntN(8 * length, BigInt(`0x${digits}`)));
}

/** Decimal digits, after a sign perhaps. */
export function intOfText(text: string): number | bigint {
  const digits = text.trim();
  if (digits.length > maxDigits) throw tooLong(`${digits.length} digits`);
  if (!/^[+-]?\d+$/.test(digits)) throw malformed("a whole number is none");
  return exactInt(digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits.replace("+", "")));
}

function tooLong(length: string): PickleFault {
  return new PickleFault("limit-exceeded", `the pickle holds a whole number of ${length}`, "write it as text");
}

/** `01` and `00` are how protocol 0 says true and false. */
export function intOrBool(text: string): number | bigint | boolean {
  return text === "01" ? true : text === "00" ? false : intOfText(text);
}

/** `5L` is how Python 2 writes it. */
export function longOfText(text: string): number | bigint {
  return intOfText(text.endsWith("L") ? text.slice(0, -1) : text);
}

const floats: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN, "-nan": NaN };

export function floatOfText(text: string): number {
  const known = floats[text.trim()];
  if (known !== undefined) return known;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text.trim())) throw malformed("a float is none");
  return Number(text);
}

/** `raw-unicode-escape`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function textOfEscaped(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, small?: string, large?: string) => {
    const code = Number.parseInt(small ?? large ?? "", 16);
    if (code > 0x10ffff) throw malformed("a character is none");
    return String.fromCodePoint(code);
  });
}

const escapes: Readonly<Record<string, string>> = {
  ...{ n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v", "\n": "" },
};

/** What Python 2's `repr` of a str says, as Latin-1. */
export function bytesOfRepr(text: string): string {
  const quote = text[0];
  const inside = text.slice(1, -1);
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote))
    throw malformed("a str has no quotes");
  return inside.replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (_, escaped: string) => {
    if (escaped[0] === "x" && escaped.length === 3) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 0xff);
    return escapes[escaped] ?? escaped;
  });
}

/** A `str` of Python 2, whose bytes have no encoding: text where it is ASCII, else the bytes. */
export function python2Str(latin1: string): string | Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has them
  return /^[\x00-\x7f]*$/.test(latin1) ? latin1 : bytesOfLatin1(latin1);
}

/** Fault: malformed for characters beyond Latin-1. */
export function bytesOfLatin1(text: string): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 has them
  if (!/^[\x00-\xff]*$/.test(text)) throw malformed("bytes are written as text that is not Latin-1");
  return new Uint8Array(Buffer.from(text, "latin1"));
}
