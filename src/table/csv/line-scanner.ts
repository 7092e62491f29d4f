/**
 * The lines of CSV as polars sees them, without a look at their cells: every quote opens or closes, wherever it stands. Bytes in,
 * bytes out. Blank lines are no rows, so they are left out here: polars takes each for a row of missing values.
 */
import { EntrepotError } from "../../error/index.ts";

export interface LineShape {
  /** Whether blank lines stay, which count for nothing. Default false. */
  readonly keepBlank?: boolean | undefined;
  /** One ASCII character, or false for none. Default `'"'`. */
  readonly quote?: string | false | undefined;
  /** Lines that begin with it are passed on and count for nothing. */
  readonly comment?: string | undefined;
  /** Lines at the beginning that are passed on and count for nothing, whatever is in them. Default 0. */
  readonly skipRows?: number | undefined;
}

const [newline, carriageReturn] = [0x0a, 0x0d];

/** At most `records` of them, and no more of the source than they need. Error: malformed for a quote that is never closed. */
export async function* rowLines(
  chunks: AsyncIterable<Uint8Array>,
  shape: LineShape,
  uri: string,
  records: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  const scanner = new Scanner(shape, records);
  for await (const chunk of chunks) {
    const kept = scanner.push(chunk);
    if (kept.byteLength > 0) yield kept;
    if (scanner.isDone) return;
  }
  if (!scanner.isQuoted) return;
  throw new EntrepotError(
    "malformed",
    `${uri} has a quote that is never closed, in the row from line ${scanner.line} on`,
    {
      uri,
      hint: "{ quote: false } takes quotes for text",
    },
  );
}

class Scanner {
  /** The row that it is in, counted from 1 with the header. */
  row = 1;
  /** The line in which that row begins, counted from 1. */
  line = 1;
  /** Lines that have ended. */
  #ended = 0;
  /** Whether it is inside quotes. */
  isQuoted = false;
  readonly #quote: number;
  readonly #comment: Uint8Array;
  readonly #records: number;
  readonly #keepBlank: boolean;
  #skips: number;
  /** Bytes of the line so far. */
  #length = 0;
  /** How many of them are those of a comment; -1 for a line that is none. */
  #matched = 0;
  /** Whether a carriage return begins the line and nothing has followed yet. */
  #isHeld = false;

  constructor({ quote = '"', comment = "", skipRows = 0, keepBlank = false }: LineShape, records: number) {
    this.#quote = quote === false ? -1 : quote.charCodeAt(0);
    this.#comment = Buffer.from(comment);
    this.#skips = skipRows;
    this.#records = records;
    this.#keepBlank = keepBlank;
  }

  get isDone(): boolean {
    return this.row > this.#records;
  }

  push(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(chunk.byteLength + 1);
    let at = 0;
    for (const byte of chunk) {
      if (byte === newline) this.#ended += 1;
      if (this.#isDropped(byte)) {
        if (this.#keepBlank && byte === newline) out[at++] = byte;
        continue;
      }
      if (this.#isHeld) out[at++] = carriageReturn;
      this.#isHeld = false;
      out[at++] = byte;
      this.#look(byte);
      if (this.isDone) break;
    }
    return out.subarray(0, at);
  }

  /** Whether it is a blank line's, or may be. */
  #isDropped(byte: number): boolean {
    if (this.#skips > 0 || this.isQuoted || this.#length > (this.#isHeld ? 1 : 0)) return false;
    if (byte === newline) {
      this.#isHeld = false;
      this.#length = 0;
      this.line = this.#ended + 1;
      return true;
    }
    if (byte !== carriageReturn || this.#isHeld) return false;
    this.#isHeld = true;
    this.#length = 1;
    return true;
  }

  #look(byte: number): void {
    if (this.#matched >= 0 && this.#matched < this.#comment.length) {
      this.#matched = byte === this.#comment[this.#matched] && this.#length === this.#matched ? this.#matched + 1 : -1;
      if (this.#matched === this.#comment.length) this.isQuoted = false;
    }
    const isComment = this.#comment.length > 0 && this.#matched === this.#comment.length;
    this.#length += 1;
    if (byte === this.#quote && this.#skips === 0 && !isComment) this.isQuoted = !this.isQuoted;
    if (byte !== newline || this.isQuoted) return;
    this.line = this.#ended + 1;
    if (this.#skips > 0) this.#skips -= 1;
    else if (!isComment) this.row += 1;
    this.#length = this.#matched = 0;
  }
}
