/**
 * Bytes ↔ text. Decoding is fatal: no replacement character ever stands for bytes that were not understood. One byte order
 * mark at the beginning is dropped.
 */
import { EntrepotError } from "../error/index.ts";
import { invalidUtf8At } from "./utf8-position.ts";

/** Encodings that are read; everything is written as UTF-8. `latin1` is ISO 8859-1: byte n is character n. */
export type TextEncoding = "utf-8" | "utf-16le" | "latin1" | "windows-1252";

export interface TextOptions {
  /** Default utf-8. */
  readonly encoding?: TextEncoding | undefined;
  /** Named in errors. */
  readonly uri?: string | undefined;
}

/** Error: malformed, with the offset of the first byte that is wrong; limit-exceeded above some 512 Mi characters. */
export function textOf(bytes: Uint8Array, options: TextOptions = {}): string {
  return new PieceDecoder(options).push(bytes, true);
}

/** Text in pieces, as the bytes come; a piece may end anywhere between two characters. Errors as `textOf`. */
export async function* textPieces(
  source: AsyncIterable<Uint8Array>,
  options: TextOptions = {},
): AsyncGenerator<string> {
  const decoder = new PieceDecoder(options);
  for await (const chunk of source) {
    const text = decoder.push(chunk, false);
    if (text !== "") yield text;
  }
  const rest = decoder.push(new Uint8Array(0), true);
  if (rest !== "") yield rest;
}

/** The text as UTF-8. `TypeError` for half of a surrogate pair: it has no bytes. */
export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  const at = text.search(/\p{Surrogate}/u);
  if (at !== -1) throw new TypeError(`the text holds half of a surrogate pair at ${at}, which no UTF-8 can hold`);
  return new TextEncoder().encode(text);
}

const encodings: readonly TextEncoding[] = ["utf-8", "utf-16le", "latin1", "windows-1252"];

/** What the bytes 80 to 9F are in windows-1252, a blank for none; the others are those of latin1. */
const windows = [..."€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ"];

/** The platform's decoders of these mistake one for the other. */
function isBytewise(encoding: TextEncoding): boolean {
  return encoding === "latin1" || encoding === "windows-1252";
}

/** Decodes one text in pieces and knows where it is. */
class PieceDecoder {
  readonly #encoding: TextEncoding;
  readonly #uri: string | undefined;
  readonly #decoder: InstanceType<typeof TextDecoder> | undefined;
  /** Bytes before the piece that is being decoded, and the last few of them. */
  #before = 0;
  #tail: Uint8Array = new Uint8Array(0);

  constructor(options: TextOptions) {
    const { encoding = "utf-8", uri } = options;
    if (!encodings.includes(encoding))
      throw new TypeError(`there is no encoding ${JSON.stringify(encoding)}: ${encodings.join(", ")}`);
    this.#encoding = encoding;
    this.#uri = uri;
    this.#decoder = isBytewise(encoding) ? undefined : new TextDecoder(encoding, { fatal: true });
  }

  push(bytes: Uint8Array, last: boolean): string {
    try {
      if (this.#decoder === undefined)
        return this.#bytewise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"));
      const text = this.#decoder.decode(bytes, { stream: !last });
      this.#before += bytes.length;
      this.#tail = Uint8Array.from(bytes.length < 3 ? [...this.#tail, ...bytes].slice(-3) : bytes.subarray(-3));
      return text;
    } catch (error) {
      throw this.#wrong(error, bytes);
    }
  }

  #bytewise(text: string): string {
    const before = this.#before;
    this.#before += text.length;
    if (this.#encoding === "latin1") return text;
    return text.replace(/[\x80-\x9f]/g, (character, at: number) => {
      const meant = windows[character.charCodeAt(0) - 0x80];
      if (meant !== undefined && meant !== " ") return meant;
      throw new EntrepotError("malformed", `the bytes are not ${this.#encoding}: byte ${before + at} is wrong`, {
        uri: this.#uri,
        hint: "latin1 takes every byte; or read the bytes",
      });
    });
  }

  #wrong(error: unknown, bytes: Uint8Array): unknown {
    if (!(error instanceof Error)) return error;
    if ("code" in error && error.code === "ERR_STRING_TOO_LONG") {
      return new EntrepotError("limit-exceeded", "the text is longer than a string can be", {
        uri: this.#uri,
        cause: error,
        hint: "read it line by line, or as a stream",
      });
    }
    if (!(error instanceof TypeError)) return error;
    const at = this.#encoding === "utf-8" ? this.#offset(bytes) : undefined;
    return new EntrepotError(
      "malformed",
      `the bytes are not ${this.#encoding}${at === undefined ? "" : `: byte ${at} is wrong`}`,
      {
        uri: this.#uri,
        cause: error,
        hint: "give its encoding (utf-16le, windows-1252 or latin1), or read the bytes",
      },
    );
  }

  /** A character may have begun in the last piece. */
  #offset(bytes: Uint8Array): number {
    let start = this.#tail.length;
    for (let back = 1; back <= this.#tail.length; back += 1) {
      const unit = this.#tail[this.#tail.length - back] ?? 0;
      if (unit < 0x80) break;
      if (unit >= 0xc0) {
        start = this.#tail.length - back;
        break;
      }
    }
    const kept = this.#tail.subarray(start);
    // What the tail holds may be a whole character: then the search simply passes it.
    return this.#before - kept.length + (invalidUtf8At(Buffer.concat([kept, bytes])) ?? kept.length);
  }
}
