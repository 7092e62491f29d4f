/**
 * CSV on this disk as a frame. Types are found by looking at the first rows, and by looking at all of them when a later one does
 * not fit; a cell that fits nowhere is an error. Nothing is cut off, left out or rounded without a word.
 */
import { EntrepotError } from "../../error/index.ts";
import { type DataFrame, type DataType, engineError, type LazyDataFrame, type Polars } from "../engine.ts";
import type { ReadFormats } from "../formats.ts";
import { asked, collect, type Question } from "../read/question.ts";
import { refuseRounded } from "../read/rounded.ts";
import { typedColumns } from "../read/typed-columns.ts";
import { columnsOfCondition } from "../rows/condition.ts";
import { columnsExpr } from "../rows/expression.ts";
import { fitted, fittedTypes } from "../rows/fit.ts";
import { columnsOf } from "../values/columns-of.ts";
import { exactDecimals } from "../values/decimals.ts";
import type { Column } from "../values/kind.ts";
import { engineType } from "../values/types.ts";
import { isIsoKind, withIsoTimes } from "./iso-times.ts";

/** A file on this disk, plain UTF-8. */
export interface TextFile {
  readonly path: string;
  readonly uri: string;
  /** Whether reading it takes so long that the event loop must be free meanwhile. */
  readonly isLarge: boolean;
  /** How many lines it has. */
  countLines(): Promise<number>;
  /** Its bytes, from the beginning. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Rows whose cells are looked at first. */
const firstRows = 10_000;

/** `options.encoding` is for who brings the file here. Errors: malformed, unsupported; TypeError and RangeError for options. */
export async function readCsvFile(
  pl: Polars,
  file: TextFile,
  options: ReadFormats["csv"],
  question: Question,
): Promise<DataFrame> {
  const scanning = scanOptions(options);
  try {
    return await readInferred(pl, file, { ...scanning, inferSchemaLength: firstRows }, options, question);
  } catch (error) {
    // it may be that a type only shows further down
    if (!isUnparsed(error)) throw engineError(error, file.uri, "reading");
  }
  try {
    const inferSchemaLength = (await file.countLines()) + 1;
    return await readInferred(pl, file, { ...scanning, inferSchemaLength }, options, question);
  } catch (error) {
    throw unparsed(error, file.uri);
  }
}

type Scanning = NonNullable<Parameters<Polars["scanCSV"]>[1]>;

async function readInferred(
  pl: Polars,
  { path, uri, isLarge }: TextFile,
  scanning: Scanning,
  options: ReadFormats["csv"],
  whole: Question,
): Promise<DataFrame> {
  const found = await columnsOfFirst(pl, path, scanning, isLarge);
  const names = found.map(({ name }) => name);
  const question = fitted(whole, names);
  const given = fittedTypes({ ...options.types, ...question.types }, names, whole);
  const columns = typedColumns(found, given, uri);
  const scan = (types: (column: Column) => DataType): LazyDataFrame =>
    pl.scanCSV(path, {
      ...scanning,
      schema: Object.fromEntries(columns.map((column) => [column.name, types(column)])),
      ...options.engine,
    });
  const decided = columnsOfCondition(question.condition);
  const isHere = (column: Column) =>
    isLarge && isIsoKind(column) && !Object.hasOwn(given, column.name) && !decided.includes(column.name);
  const collected = (isText: (column: Column) => boolean): Promise<DataFrame> => {
    const read = scan((column) => (isText(column) ? pl.String : engineType(pl, column.type)));
    return collect(asked(pl, exactDecimals(pl, read, columns), columns, question, uri), isLarge);
  };
  const isDecimal = ({ type }: Column) => type.kind === "decimal";
  const texts = await collected((column) => isDecimal(column) || isHere(column));
  const here = columns.filter((column) => isHere(column) && texts.columns.includes(column.name));
  const frame = (await withIsoTimes(pl, texts, here)) ?? (await collected(isDecimal));
  const suspects = columns.filter(({ name, type }) => type.kind === "float" && !Object.hasOwn(given, name));
  const floats = suspects.map(({ name }) => name);
  await refuseRounded(pl, frame, floats, uri, (large) => {
    const text = scan(({ name, type }) => (large.includes(name) ? pl.String : engineType(pl, type)));
    return collect(text.select(...columnsExpr(pl, large)), isLarge);
  });
  return frame;
}

/** Rows that are looked at for days and times, which takes long: as many as tell whether a text may be one. */
const rowsOfTimes = 100;

async function columnsOfFirst(
  pl: Polars,
  path: string,
  scanning: Scanning,
  isLarge: boolean,
): Promise<readonly Column[]> {
  const infer = async (some: Scanning) => columnsOf(await collect(pl.scanCSV(path, some).limit(0), isLarge));
  if (!isLarge || scanning.parseDates !== true || scanning.inferSchemaLength !== firstRows) return infer(scanning);
  const plain = await infer({ ...scanning, parseDates: false });
  const few = await collect(
    pl.scanCSV(path, { ...scanning, inferSchemaLength: rowsOfTimes }).limit(rowsOfTimes),
    false,
  );
  const times = columnsOf(few);
  // without any text yet it may be one all the same
  const isOpen = ({ name, type }: Column) => type.kind === "string" && few.getColumn(name).nullCount() === few.height;
  if (plain.some(isOpen)) return infer(scanning);
  return plain.map((column, index) => {
    const seen = times[index];
    return column.type.kind === "string" && seen !== undefined && isTime(seen) ? seen : column;
  });
}

function isTime({ type }: Column): boolean {
  return type.kind === "date" || type.kind === "timestamp" || type.kind === "time";
}

function scanOptions(options: ReadFormats["csv"]): Scanning {
  const { delimiter = ",", header = true, skipRows = 0, quote = '"', comment, nullValues, decimal, dates } = options;
  checkCharacter("delimiter", delimiter);
  if (quote !== false) checkCharacter("quote", quote);
  return {
    ...{ ignoreErrors: false, truncateRaggedLines: false, raiseIfEmpty: true, glob: false },
    sep: delimiter,
    hasHeader: header,
    skipLines: skipRows,
    // polars takes a missing one for "none", but not null
    quoteChar: (quote === false ? undefined : quote) as string,
    decimalComma: decimal === ",",
    parseDates: dates ?? false,
    ...(comment === undefined ? {} : { commentPrefix: comment }),
    ...(nullValues === undefined ? {} : { nullValues: [...nullValues] }),
  };
}

export function checkCharacter(name: string, value: string): void {
  if (!/^[\t -~]$/.test(value))
    throw new RangeError(`${name} of a table is one ASCII character, not ${JSON.stringify(value)}`);
}

function isUnparsed(error: unknown): boolean {
  return error instanceof Error && !(error instanceof EntrepotError) && /^could not parse `/.test(error.message);
}

function unparsed(error: unknown, uri: string): unknown {
  if (!isUnparsed(error)) return engineError(error, uri, "reading");
  const [, cell = "", type = "", column = ""] =
    /^could not parse `([\s\S]*?)` as dtype `(.*?)` at column '(.*?)'/.exec((error as Error).message) ?? [];
  const shown = JSON.stringify(cell.length > 60 ? `${cell.slice(0, 60)}…` : cell);
  return new EntrepotError(
    "malformed",
    `${uri} has ${shown} in column ${JSON.stringify(column)}, which is no ${type}`,
    {
      uri,
      cause: error,
      hint: cell.startsWith('"')
        ? "a quote is not closed, or text stands behind it: { quote: false } takes quotes for text"
        : `{ nullValues: [${shown}] } takes it for a missing value, { types: { ${JSON.stringify(column)}: "string" } } for text`,
    },
  );
}
