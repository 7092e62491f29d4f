/**
 * CSV as a stream of row texts: it finds the line ends that are not inside quotes, and nothing else. It looks at every
 * character once, wherever the pieces were cut.
 */
import { EntrepotError } from "../error/index.ts";
import { lineTooLong, maxLineLength } from "./lines.ts";

export interface CsvReadOptions {
  /** One character that is no quote and no line end. Default a comma. */
  readonly delimiter?: string | undefined;
  /** Named in errors. */
  readonly uri?: string | undefined;
  /** The longest row, in UTF-16 code units. Default 67,108,864 (64 Mi). */
  readonly maxRowLength?: number | undefined;
}

/** `RangeError` for what cannot divide fields. */
export function checkDelimiter(delimiter = ","): string {
  if (delimiter.length === 1 && !/["\r\n\ud800-\udfff\ufeff]/.test(delimiter)) return delimiter;
  throw new RangeError(`a delimiter is one character, no quote and no line end, not ${JSON.stringify(delimiter)}`);
}

/** Where the scanner stands. A quote opens a field only at its start; elsewhere it is a character like others. */
type State = "field start" | "in field" | "in quotes" | "after quote";

export class RowSplitter {
  #open = "";
  #state: State = "field start";
  #rows = 0;
  readonly #delimiter: string;
  readonly #limit: number;
  readonly #uri: string | undefined;

  constructor(options: CsvReadOptions) {
    this.#delimiter = checkDelimiter(options.delimiter);
    this.#limit = options.maxRowLength ?? maxLineLength;
    if (!(this.#limit > 0)) throw new RangeError(`maxRowLength is positive, not ${this.#limit}`);
    this.#uri = options.uri;
  }

  /** The rows that end in this piece, without their line ends. */
  push(piece: string): string[] {
    const rows: string[] = [];
    let start = 0;
    let at = 0;
    let quote = piece.indexOf('"');
    let lineEnd = piece.indexOf("\n");
    while (at < piece.length) {
      if (this.#state === "after quote") {
        this.#state = piece[at] === '"' ? "in quotes" : "in field";
        if (this.#state === "in quotes") at += 1;
      }
      if (quote !== -1 && quote < at) quote = piece.indexOf('"', at);
      if (this.#state === "in quotes") {
        at = quote === -1 ? piece.length : quote + 1;
        if (quote !== -1) this.#state = "after quote";
        continue;
      }
      if (lineEnd !== -1 && lineEnd < at) lineEnd = piece.indexOf("\n", at);
      if (lineEnd !== -1 && (quote === -1 || lineEnd < quote)) {
        rows.push(this.#row(piece.slice(start, lineEnd)));
        start = at = lineEnd + 1;
        this.#state = "field start";
      } else if (quote !== -1) {
        const opens = quote === at ? this.#state === "field start" : piece[quote - 1] === this.#delimiter;
        this.#state = opens ? "in quotes" : "in field";
        at = quote + 1;
      } else {
        if (at < piece.length) this.#state = piece.endsWith(this.#delimiter) ? "field start" : "in field";
        at = piece.length;
      }
    }
    this.#open += piece.slice(start);
    if (this.#open.length > this.#limit) throw lineTooLong(`row ${this.#rows + 1}`, this.#limit, this.#uri);
    return rows;
  }

  /** The last row, if the text did not end with a line end. Error: malformed when a quote was never closed. */
  end(): string[] {
    if (this.#state === "in quotes") {
      throw new EntrepotError("malformed", `row ${this.#rows + 1} has a quote that is never closed`, {
        uri: this.#uri,
        hint: "read the lines of the file to see it",
      });
    }
    return this.#open === "" ? [] : [this.#row("")];
  }

  #row(rest: string): string {
    const row = this.#open + rest;
    this.#open = "";
    if (row.length > this.#limit) throw lineTooLong(`row ${this.#rows + 1}`, this.#limit, this.#uri);
    this.#rows += 1;
    return row.endsWith("\r") ? row.slice(0, -1) : row;
  }
}
