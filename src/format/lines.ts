/**
 * Text ↔ lines. A line ends with LF or CRLF; the end of the text ends the last one, so that no empty line follows a final
 * LF. Time is linear in the text wherever the pieces were cut.
 */
import { EntrepotError } from "../error/index.ts";
import { type TextOptions, textPieces } from "./text.ts";

export interface LineOptions extends TextOptions {
  /** The longest line, in UTF-16 code units. Default 67,108,864 (64 Mi). */
  readonly maxLineLength?: number | undefined;
}

/** The default of `maxLineLength` and of the longest CSV row. */
export const maxLineLength: number = 64 * 1024 * 1024;

/** Lines of a stream, without their ends. Errors: malformed, limit-exceeded for a line without an end. */
export async function* linesOf(source: AsyncIterable<Uint8Array>, options: LineOptions = {}): AsyncGenerator<string> {
  const splitter = new LineSplitter(options);
  for await (const piece of textPieces(source, options)) yield* splitter.push(piece);
  yield* splitter.end();
}

/** The lines of a text: `splitLines("a\r\nb\n")` is `["a", "b"]`, of `""` none. */
export function splitLines(text: string): string[] {
  const splitter = new LineSplitter({ maxLineLength: Number.POSITIVE_INFINITY });
  return [...splitter.push(text), ...splitter.end()];
}

/** The line with its LF. `TypeError` for what would not be read back as the same single line. */
export function lineText(line: string): string {
  if (typeof line !== "string") throw new TypeError(`a line is text, not ${line === null ? "null" : typeof line}`);
  if (line.includes("\n") || line.endsWith("\r")) {
    throw new TypeError("a line holds no line feed and does not end with a carriage return: write text instead");
  }
  return `${line}\n`;
}

class LineSplitter {
  /** The beginning of a line whose end has not come. */
  #open = "";
  readonly #limit: number;
  readonly #uri: string | undefined;

  constructor(options: LineOptions) {
    this.#limit = options.maxLineLength ?? maxLineLength;
    if (!(this.#limit > 0)) throw new RangeError(`maxLineLength is positive, not ${this.#limit}`);
    this.#uri = options.uri;
  }

  push(piece: string): string[] {
    const lines = piece.split("\n");
    lines[0] = this.#open + lines[0];
    this.#open = lines.pop() ?? "";
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index] ?? "";
      this.#check(line);
      if (line.endsWith("\r")) lines[index] = line.slice(0, -1);
    }
    this.#check(this.#open);
    return lines;
  }

  end(): string[] {
    return this.#open === "" ? [] : [this.#open];
  }

  #check(line: string): void {
    if (line.length > this.#limit) throw lineTooLong("a line", this.#limit, this.#uri);
  }
}

/** For lines and for rows of CSV. */
export function lineTooLong(what: string, limit: number, uri: string | undefined): EntrepotError {
  return new EntrepotError("limit-exceeded", `${what} is longer than ${limit} characters`, {
    uri,
    hint: "is this a text with line ends? Read it as bytes, or raise the limit",
  });
}
