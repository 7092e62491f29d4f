/** One block of 512 bytes that stands before each entry of a tar: ustar and what came before and after it. */
import { formatNumber, parseNumber } from "./numbers.ts";

export const blockBytes = 512;

export interface TarHeader {
  /** As it stands there; longer ones follow or precede in records of their own. */
  readonly name: Uint8Array;
  readonly mode: number;
  readonly sizeBytes: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly type: string;
}

/** `undefined` when its checksum is wrong or a number is none. */
export function parseHeader(block: Uint8Array): TarHeader | undefined {
  const field = (start: number, length: number) => block.subarray(start, start + length);
  const sum = parseNumber(field(148, 8));
  if (sum === undefined || !sums(block).includes(sum)) return undefined;
  const [mode, sizeBytes, modified] = [field(100, 8), field(124, 12), field(136, 12)].map(parseNumber);
  if (sizeBytes === undefined || sizeBytes < 0) return undefined;
  const name = untilNul(field(0, 100));
  // GNU's own headers have times where ustar has the beginning of the name
  const isUstar = String.fromCharCode(...field(257, 6)) === "ustar\0";
  const prefix = isUstar ? untilNul(field(345, 155)) : new Uint8Array(0);
  const whole = prefix.length === 0 ? name : Uint8Array.of(...prefix, 0x2f, ...name);
  const type = String.fromCharCode(block[156] ?? 0);
  return { name: whole, mode: mode ?? 0, sizeBytes, modified: modified ?? 0, type };
}

/** With bytes from 0 to 255, and from -128 to 127, as some old programs had it. */
function sums(block: Uint8Array): readonly number[] {
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  for (let at = 0; at < blockBytes; at += 1) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] ?? 0;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return [unsigned, signed];
}

function untilNul(field: Uint8Array): Uint8Array {
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}

export interface HeaderFields {
  /** ASCII that fits, see `splitName`. */
  readonly name: string;
  readonly prefix: string;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modified: number;
  readonly type: "0" | "5" | "x";
}

/** What does not fit is written as 0: a record before it says it. */
export function formatHeader({ name, prefix, mode, sizeBytes, modified, type }: HeaderFields): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockBytes);
  const put = (start: number, text: string) => {
    for (let at = 0; at < text.length; at += 1) block[start + at] = text.charCodeAt(at);
  };
  put(0, name);
  put(100, formatNumber(mode, 8) ?? "");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, formatNumber(sizeBytes, 12) ?? "00000000000\0");
  put(136, formatNumber(modified, 12) ?? "00000000000\0");
  put(156, type);
  put(257, "ustar\x0000");
  put(329, "0000000\0");
  put(337, "0000000\0");
  put(345, prefix);
  put(148, `${(sums(block)[0] ?? 0).toString(8).padStart(6, "0")}\0 `);
  return block;
}

/** Where a name of ASCII fits: in one field, or in two of which the first ends before a `/`. `undefined` where it does not. */
export function splitName(path: string): { readonly name: string; readonly prefix: string } | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what every tar agrees on
  if (!/^[\x01-\x7f]*$/.test(path)) return undefined;
  if (path.length <= 100) return { name: path, prefix: "" };
  for (let slash = path.indexOf("/", path.length - 101); slash > 0; slash = path.indexOf("/", slash + 1)) {
    if (slash <= 155 && slash < path.length - 1) return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
  }
  return undefined;
}
