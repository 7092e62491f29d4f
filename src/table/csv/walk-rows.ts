/**
 * The rows of CSV with their lines, for who looks for the place of a fault: quotes open at the beginning of a cell and close before a
 * delimiter. Slower than polars, and only asked when it failed.
 */
import { setImmediate as nextTurn } from "node:timers/promises";

export interface CellShape {
  readonly delimiter?: string | undefined;
  readonly quote?: string | false | undefined;
  readonly comment?: string | undefined;
  readonly skipRows?: number | undefined;
}

export interface CsvRow {
  /** Where it begins, counted from 1 as editors do. */
  readonly line: number;
  readonly bytes: Buffer;
  /** How many cells it has. */
  readonly cells: number;
  /** Whether the file ends inside its quotes. */
  readonly isOpen: boolean;
  /** The text of a cell, from 0, without its quotes. */
  cell(index: number): string | undefined;
}

const [newline, carriageReturn] = [0x0a, 0x0d];
/** A row of more bytes is taken for one whose quotes do not close. */
const mostBytes = 16 * 1024 * 1024;

/** Rows that count: without what is skipped, comments and blank lines. */
export async function* walkRows(chunks: AsyncIterable<Uint8Array>, shape: CellShape): AsyncGenerator<CsvRow> {
  const { delimiter = ",", quote = '"', comment, skipRows = 0 } = shape;
  const marks = { between: delimiter.charCodeAt(0), quote: quote === false ? -1 : quote.charCodeAt(0) };
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  const isRow = (bytes: Buffer) =>
    bytes.length > 0 && (comment === undefined || !bytes.toString("utf8", 0, 4 * comment.length).startsWith(comment));
  for await (const chunk of chunks) {
    const bytes: Buffer = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    for (;;) {
      const isText = line <= skipRows || isComment(bytes, start, comment);
      const end = isText ? bytes.indexOf(newline, start) : endOfRow(bytes, start, marks);
      if (end === -1) break;
      const row = rowOf(bytes.subarray(start, bytes[end - 1] === carriageReturn ? end - 1 : end), line, marks, false);
      if (line > skipRows && isRow(row.bytes)) yield row;
      line += isText ? 1 : newlines(bytes, start, end + 1);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > mostBytes) break;
    await nextTurn();
  }
  if (line <= skipRows || !isRow(rest)) return;
  yield rowOf(rest, line, marks, endOfRow(Buffer.concat([rest, Buffer.from("\n")]), 0, marks) === -1);
}

interface Marks {
  readonly between: number;
  readonly quote: number;
}

function isComment(bytes: Buffer, start: number, comment: string | undefined): boolean {
  return (
    comment !== undefined &&
    bytes
      .subarray(start, start + 4 * comment.length)
      .toString()
      .startsWith(comment)
  );
}

function newlines(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(newline, start); at !== -1 && at < end; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}

/** The line end that no quotes enclose; -1 where there is none. */
function endOfRow(bytes: Buffer, start: number, { between, quote }: Marks): number {
  let [mayOpen, isQuoted] = [true, false];
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isQuoted) {
      if (byte === quote) [isQuoted, mayOpen] = [false, true];
    } else if (byte === newline) return at;
    else if (byte === quote && mayOpen) isQuoted = true;
    else mayOpen = byte === between;
  }
  return -1;
}

function rowOf(bytes: Buffer, line: number, { between, quote }: Marks, isOpen: boolean): CsvRow {
  const starts = [0];
  let [mayOpen, isQuoted] = [true, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isQuoted) {
      if (byte === quote) [isQuoted, mayOpen] = [false, true];
    } else if (byte === quote && mayOpen) isQuoted = true;
    else {
      mayOpen = byte === between;
      if (mayOpen) starts.push(at + 1);
    }
  }
  const cell = (index: number) => {
    const start = starts[index];
    if (start === undefined) return undefined;
    const text = bytes.toString("utf8", start, (starts[index + 1] ?? bytes.length + 1) - 1);
    const mark = String.fromCharCode(Math.max(0, quote));
    const isWhole = quote !== -1 && text.length > 1 && text.startsWith(mark) && text.endsWith(mark);
    return isWhole ? text.slice(1, -1).replaceAll(mark + mark, mark) : text;
  };
  return { line, bytes, cells: starts.length, isOpen, cell };
}
