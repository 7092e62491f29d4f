/** What polars says of CSV that it cannot read, with the line, the column and the way out. */
import { isUtf8 } from "node:buffer";
import { EntrepotError } from "../../error/index.ts";
import { engineError } from "../engine.ts";
import { inOurWords } from "../engine-words.ts";
import type { ReadFormats } from "../formats.ts";
import { shownText, UnfitCell } from "../read/unfit-cell.ts";
import { type CsvRow, walkRows } from "./walk-rows.ts";

type Options = ReadFormats["csv"];

export interface WrittenText {
  readonly uri: string;
  /** The file as it was written, in UTF-8. */
  written(): AsyncIterable<Uint8Array>;
}

/** Whatever is no error of polars stays. */
export async function explainedCsv(error: unknown, file: WrittenText, options: Options): Promise<unknown> {
  const { uri } = file;
  const cell = error instanceof UnfitCell ? error : unparsed(error, uri, options);
  if (cell !== undefined) {
    const open = cell.unfit.text.startsWith('"') ? await openRow(file, options) : undefined;
    if (open !== undefined) return neverClosed(uri, open.line, error);
    const other = cell.unfit.text.startsWith('"') ? await delimiterOfFirst(file, options) : undefined;
    if (other !== undefined)
      return new UnfitCell({ ...cell.unfit, hint: `is it { delimiter: ${JSON.stringify(other)} }?` });
    const place = await placeOfCell(file, options, [cell.unfit.column], cell.unfit.text);
    return place === undefined ? cell : cell.at(`line ${place.line}`);
  }
  const decimal = await noDecimal(error, file, options);
  if (decimal !== undefined) return decimal;
  if (error instanceof EntrepotError || !(error instanceof Error)) return engineError(error, uri, "reading");
  if (/more fields than defined/.test(error.message)) return ragged(file, options, error);
  if (/invalid utf-?8/i.test(error.message)) return (await noUtf8(file, error)) ?? engineError(error, uri, "reading");
  if (/empty CSV/.test(error.message))
    return new EntrepotError("malformed", `${uri} has no row, not even one of names`, {
      uri,
      cause: error,
      hint: "was it written to its end? skipRows and comment may leave nothing of it",
    });
  return engineError(error, uri, "reading");
}

/** Error: malformed where it is no UTF-8, with the line; else `undefined`. */
export async function noUtf8({ uri, written }: WrittenText, cause?: unknown): Promise<EntrepotError | undefined> {
  let line = 1;
  // whatever the text means: what is between two line ends
  for await (const row of walkRows(written(), { quote: false, delimiter: "\n" })) {
    line = row.line;
    if (!isUtf8(row.bytes)) return otherEncoding(uri, line, cause);
  }
  return undefined;
}

export function otherEncoding(uri: string, line: number, cause: unknown, unit = "line"): EntrepotError {
  return new EntrepotError("malformed", `${uri} is no UTF-8 in ${unit} ${line}`, {
    uri,
    cause,
    hint: 'text of Western European programs is read with { encoding: "windows-1252" }',
  });
}

async function ragged(file: WrittenText, options: Options, cause: Error): Promise<EntrepotError> {
  const { uri } = file;
  let header: CsvRow | undefined;
  for await (const row of walkRows(file.written(), options)) {
    header ??= row;
    if (row.isOpen) return neverClosed(uri, row.line, cause);
    if (row.cells <= header.cells) continue;
    const other = otherDelimiter(header, options);
    return new EntrepotError(
      "malformed",
      `${uri} has ${row.cells} cells in line ${row.line}, where line ${header.line} has ${header.cells}`,
      {
        uri,
        cause,
        hint:
          other === undefined
            ? 'a delimiter inside of a cell needs quotes around the cell; { delimiter: ";" } says another one, skipRows leaves lines out'
            : `is it { delimiter: ${JSON.stringify(other)} }?`,
      },
    );
  }
  return engineError(cause, uri, "reading") as EntrepotError;
}

/** What parts the first row more often. */
function otherDelimiter({ bytes, cells }: CsvRow, { delimiter = "," }: Options): string | undefined {
  const text = bytes.toString("utf8");
  return [";", "\t", "|", ","].find((each) => each !== delimiter && text.split(each).length > cells);
}

/** Of a first row of one cell. */
async function delimiterOfFirst(file: WrittenText, options: Options): Promise<string | undefined> {
  for await (const row of walkRows(file.written(), options))
    return row.cells === 1 ? otherDelimiter(row, options) : undefined;
  return undefined;
}

async function openRow(file: WrittenText, options: Options): Promise<CsvRow | undefined> {
  for await (const row of walkRows(file.written(), options)) if (row.isOpen) return row;
  return undefined;
}

function neverClosed(uri: string, line: number, cause: unknown): EntrepotError {
  return new EntrepotError("malformed", `${uri} has a quote that is never closed, in the row from line ${line} on`, {
    uri,
    cause,
    hint: "{ quote: false } takes quotes for text",
  });
}

/** The first cell of these columns with that text. */
async function placeOfCell(
  file: WrittenText,
  options: Options,
  columns: readonly string[],
  text: string,
): Promise<{ readonly line: number; readonly column: string } | undefined> {
  let names: readonly (string | undefined)[] | undefined;
  for await (const row of walkRows(file.written(), options)) {
    if (names === undefined) {
      const isHeader = options.header ?? true;
      names = Array.from({ length: row.cells }, (_, at) => (isHeader ? row.cell(at) : `column_${at + 1}`));
      if (isHeader) continue;
    }
    for (const column of columns)
      if (isText(row.cell(names.indexOf(column)), text, options)) return { line: row.line, column };
  }
  return undefined;
}

/** Of a cast to decimals polars names the value alone. */
async function noDecimal(error: unknown, file: WrittenText, options: Options): Promise<EntrepotError | undefined> {
  if (!(error instanceof Error) || error instanceof EntrepotError) return undefined;
  const [, digits = "", said] =
    /^conversion from `str` to `decimal\[(\d+,\d+)\]` failed[\s\S]*? values: \[("(?:[^"\\]|\\.)*")/.exec(
      error.message,
    ) ?? [];
  if (said === undefined) return undefined;
  const [, why, text = ""] = /^(?:(inexact|not with a comma): ,?)?([\s\S]*)$/.exec(unescaped(said)) ?? [];
  const type = `decimal(${digits})`;
  const decimals = Object.entries(options.types ?? {}).filter(([, each]) => each.replaceAll(" ", "") === type);
  const names = decimals.map(([name]) => name);
  const place = await placeOfCell(file, options, names, text);
  const column = place?.column ?? names[0] ?? "";
  const cell = new UnfitCell({
    ...{ uri: file.uri, column, text, cause: error },
    fault: why === "inexact" ? `which has more digits than a ${type}` : `which is no ${type}`,
    hint:
      why === "not with a comma"
        ? 'a number with { decimal: "," } has no point in it: read it as "string" and turn it into a number in the frame'
        : hintOf(text, column, options.decimal ?? "."),
  });
  return place === undefined ? cell : cell.at(`line ${place.line}`);
}

function unescaped(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

/** polars gives some with their quotes. */
function isText(cell: string | undefined, text: string, { quote = '"' }: Options): boolean {
  if (cell === undefined || quote === false) return cell === text;
  return cell === text || quote + cell.replaceAll(quote, quote + quote) + quote === text;
}

export function isUnparsed(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof EntrepotError) && /^could not parse `/.test(error.message);
}

function unparsed(error: unknown, uri: string, { decimal = "." }: Options): UnfitCell | undefined {
  if (!isUnparsed(error)) return undefined;
  const [, cell = "", type = "", column = ""] =
    /^could not parse `([\s\S]*?)` as dtype `(.*?)` at column '(.*?)'/.exec(error.message) ?? [];
  const text = /^"[^"]*"$/.test(cell) ? cell.slice(1, -1) : cell;
  return new UnfitCell({
    ...{ uri, column, text, cause: error },
    fault:
      /^"(?![^"]*"$)/.test(text) && type === "str" ? "with text behind its quote" : `which is no ${inOurWords(type)}`,
    hint: hintOf(text, column, decimal),
  });
}

function hintOf(text: string, column: string, decimal: "." | ","): string {
  if (/^"(?![^"]*"$)/.test(text))
    return "a quote is not closed, or text stands behind it: { quote: false } takes quotes for text";
  const asText = `{ types: { ${JSON.stringify(column)}: "string" } }`;
  if (decimal === "." && /^-?\d+,\d+$/.test(text) && !/^-?\d{1,3}(,\d{3})+$/.test(text))
    return `is it a number with a decimal comma? { decimal: "," } reads it; ${asText} takes it for text`;
  return `{ nullValues: [${shownText(text)}] } takes it for a missing value, ${asText} for text`;
}
