/**
 * CSV ↔ rows of text, after RFC 4180: quotes, doubled quotes, line ends inside quotes; LF or CRLF. No header, no types, no
 * trimming: that is for `table/`. An empty line is a row without cells, and no row follows the final line end.
 */
import { EntrepotError } from "../error/index.ts";
import { type CsvReadOptions, checkDelimiter, RowSplitter } from "./csv-rows.ts";
import { type TextOptions, textPieces } from "./text.ts";

/** What can stand in a cell: `null` and `undefined` are written as nothing, dates in ISO 8601. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

export interface CsvWriteOptions {
  /** One character that is no quote and no line end. Default a comma. */
  readonly delimiter?: string | undefined;
  /** After every row. Default LF. */
  readonly newline?: Newline | undefined;
  /** Whether one stands behind the last row, too. Default true. */
  readonly finalNewline?: boolean | undefined;
}

/** What ends a row, by name or as it is. */
export type Newline = "lf" | "crlf" | "\n" | "\r\n";
const newlines: Readonly<Record<Newline, string>> = { lf: "\n", crlf: "\r\n", "\n": "\n", "\r\n": "\r\n" };

/** RangeError for what ends no row. */
export function newlineText(newline: Newline = "lf"): string {
  if (Object.hasOwn(newlines, newline)) return newlines[newline];
  throw new RangeError("newline is lf or crlf");
}

/** Characters that are looked at in one go, so that a reader that stops early does not pay for the rest. */
const pieceLength = 65_536;

/** Rows of cells, one by one. Error: malformed, with the number of the row, for quotes that RFC 4180 does not allow. */
export function* csvRowsOf(text: string, options: CsvReadOptions = {}): Generator<string[]> {
  const cells = cellReader(options);
  for (const row of rawRowsOf(text, options)) yield cells(row);
}

/** The texts of the rows, quotes and all, without their line ends. Error: malformed for a quote that is never closed. */
export function* rawRowsOf(text: string, options: CsvReadOptions = {}): Generator<string> {
  const splitter = new RowSplitter(options);
  for (let at = 0; at < text.length; at += pieceLength) yield* splitter.push(text.slice(at, at + pieceLength));
  yield* splitter.end();
}

/** `csvRowsOf` for a stream of bytes. Also: errors of `textOf`. */
export async function* csvRowStream(
  source: AsyncIterable<Uint8Array>,
  options: CsvReadOptions & TextOptions = {},
): AsyncGenerator<string[]> {
  const cells = cellReader(options);
  for await (const row of rawRowStream(source, options)) yield cells(row);
}

/** `rawRowsOf` for a stream of bytes. Also: errors of `textOf`. */
export async function* rawRowStream(
  source: AsyncIterable<Uint8Array>,
  options: CsvReadOptions & TextOptions = {},
): AsyncGenerator<string> {
  const splitter = new RowSplitter(options);
  for await (const piece of textPieces(source, options)) yield* splitter.push(piece);
  yield* splitter.end();
}

/** The rows as text, quoted only where they would be read as something else. `TypeError` for what is no cell or no row. */
export function csvText(rows: Iterable<readonly Cell[]>, options: CsvWriteOptions = {}): string {
  const delimiter = checkDelimiter(options.delimiter);
  const newline = newlineText(options.newline);
  let text = "";
  let last: string | undefined;
  for (const row of rows) {
    if (last !== undefined) text += newline;
    last = rowText(row, delimiter);
    text += last;
  }
  return last === undefined ? text : text + lastNewline(last, newline, options);
}

/** What stands behind the last row. `TypeError` for a row without cells that nothing would show. */
function lastNewline(last: string, newline: string, { finalNewline = true }: CsvWriteOptions): string {
  if (finalNewline) return newline;
  if (last !== "") return "";
  throw new TypeError("a last row without cells shows by its newline alone: leave out finalNewline: false");
}

/** `csvText` in pieces, row by row, as they come. */
export async function* csvTextPieces(
  rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
  options: CsvWriteOptions = {},
): AsyncGenerator<string> {
  const delimiter = checkDelimiter(options.delimiter);
  const newline = newlineText(options.newline);
  let last: string | undefined;
  for await (const row of rows) {
    const text = rowText(row, delimiter);
    yield last === undefined ? text : newline + text;
    last = text;
  }
  if (last !== undefined) yield lastNewline(last, newline, options);
}

function cellReader(options: CsvReadOptions): (row: string) => string[] {
  const delimiter = checkDelimiter(options.delimiter);
  let number = 0;
  return (row) => {
    number += 1;
    if (row === "") return [];
    return row.includes('"') ? quotedCells(row, delimiter, number, options.uri) : row.split(delimiter);
  };
}

function quotedCells(row: string, delimiter: string, number: number, uri: string | undefined): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= row.length; ) {
    if (row[at] !== '"') {
      const found = row.indexOf(delimiter, at);
      const end = found === -1 ? row.length : found;
      cells.push(row.slice(at, end));
      at = end + 1;
      continue;
    }
    let close = row.indexOf('"', at + 1);
    while (row[close + 1] === '"') close = row.indexOf('"', close + 2);
    cells.push(row.slice(at + 1, close).replaceAll('""', '"'));
    if (close + 1 < row.length && row[close + 1] !== delimiter) {
      throw new EntrepotError("malformed", `row ${number} has text behind a closing quote, at character ${close + 2}`, {
        uri,
        hint: "is the delimiter right? { raw: true } gives the texts of the rows as they are",
      });
    }
    at = close + 2;
  }
  return cells;
}

function rowText(row: readonly Cell[], delimiter: string): string {
  if (!Array.isArray(row)) throw new TypeError("a row of CSV is an array of cells");
  const cells = row.map((cell, index) => {
    const text = cellText(cell);
    // An empty only cell would be read as no cell, a mark at the beginning as a byte order mark.
    const ambiguous = (text === "" && row.length === 1) || (index === 0 && text.startsWith("\ufeff"));
    return ambiguous || /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return cells.join(delimiter);
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) {
    if (Number.isNaN(cell.getTime())) throw new TypeError("an invalid date cannot stand in a cell of CSV");
    return cell.toISOString();
  }
  if (typeof cell === "object" || typeof cell === "function" || typeof cell === "symbol") {
    throw new TypeError(`a cell of CSV is text, a number, a boolean, a date or nothing, not ${typeof cell}`);
  }
  return String(cell);
}
