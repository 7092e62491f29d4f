/**
 * CSV on this disk as a frame. Types are found by looking at the first rows, and by looking at all of them when a later one does
 * not fit; a cell that fits nowhere is an error. Nothing is cut off, left out or rounded without a word.
 */
import type { DataFrame, DataType, LazyDataFrame, Polars } from "../engine.ts";
import type { ReadFormats } from "../formats.ts";
import { asked, collect, type Question } from "../read/question.ts";
import { comparedWithLarge, refuseRounded } from "../read/rounded.ts";
import { typedColumns } from "../read/typed-columns.ts";
import { columnsOfCondition } from "../rows/condition.ts";
import { columnExpr, columnsExpr } from "../rows/expression.ts";
import { fitted, fittedTypes } from "../rows/fit.ts";
import { columnsOf } from "../values/columns-of.ts";
import { exactDecimals } from "../values/decimals.ts";
import { isIso, isoAsked, isoFound, isoKindOfFirst } from "../values/iso-texts.ts";
import type { Column } from "../values/kind.ts";
import { engineType } from "../values/types.ts";
import { explainedCsv, isUnparsed, noUtf8 } from "./explained.ts";
import { hasLongRow } from "./has-long-row.ts";
import { isIsoKind, withIsoTimes } from "./iso-times.ts";
import type { LineShape } from "./line-scanner.ts";
import { columnsOfNumbers } from "./number-words.ts";

/** A file on this disk, plain UTF-8. */
export interface TextFile {
  readonly path: string;
  readonly uri: string;
  /** Whether reading it takes so long that the event loop must be free meanwhile. */
  readonly isLarge: boolean;
  /** How many lines it has. */
  countLines(): Promise<number>;
  /** The table as it is without blank lines; `undefined` where there are none. */
  readWithoutBlankLines(shape: LineShape): Promise<DataFrame | undefined>;
  /** Its bytes, from the beginning. */
  chunks(): AsyncIterable<Uint8Array>;
  /** The same with blank lines, for the lines that errors name. */
  written(): AsyncIterable<Uint8Array>;
}

/** Rows whose cells are looked at first. */
const firstRows = 10_000;

/**
 * A blank line is no row. With `limit`, types are those of the rows that are read. `options.encoding` is for who brings the file
 * here. Errors: malformed, unsupported; TypeError and RangeError for options.
 */
export async function readCsvFile(
  pl: Polars,
  file: TextFile,
  options: ReadFormats["csv"],
  question: Question,
): Promise<DataFrame> {
  const frame = await readLines(pl, file, options, question);
  if (!mayHoldBlankLines(pl, frame)) return frame;
  const { quote, comment, skipRows } = options;
  return (await file.readWithoutBlankLines({ quote, comment, skipRows })) ?? frame;
}

/** polars makes a row of missing values of each, and of others too. */
function mayHoldBlankLines(pl: Polars, frame: DataFrame): boolean {
  const names = frame.columns;
  if (frame.height === 0 || names.some((name) => frame.getColumn(name).nullCount() === 0)) return false;
  const isMissing = names.map((name) => columnExpr(pl, name).isNull());
  return frame.filter(isMissing.reduce((all, each) => all.and(each), pl.lit(true))).height > 0;
}

async function readLines(
  pl: Polars,
  file: TextFile,
  options: ReadFormats["csv"],
  question: Question,
): Promise<DataFrame> {
  const scanning = scanOptions(options);
  const explained = (error: unknown) =>
    explainedCsv(error, file, { ...options, types: { ...options.types, ...question.types } });
  try {
    return await readInferred(pl, file, { ...scanning, inferSchemaLength: firstRows }, options, question);
  } catch (error) {
    // it may be that a type only shows further down
    if (!isUnparsed(error)) throw await explained(error);
  }
  try {
    const inferSchemaLength = (await file.countLines()) + 1;
    return await readInferred(pl, file, { ...scanning, inferSchemaLength }, options, question);
  } catch (error) {
    throw await explained(error);
  }
}

type Scanning = NonNullable<Parameters<Polars["scanCSV"]>[1]>;

async function readInferred(
  pl: Polars,
  file: TextFile,
  scanning: Scanning,
  options: ReadFormats["csv"],
  whole: Question,
): Promise<DataFrame> {
  const { path, uri, isLarge } = file;
  const found = unquoted(columnsOf(await collect(pl.scanCSV(path, scanning).limit(0), isLarge)), options);
  const names = found.map(({ name }) => name);
  // what polars puts in the place of bytes that are none of UTF-8
  const damaged = names.some((name) => name.includes("\ufffd")) ? await noUtf8(file) : undefined;
  if (damaged !== undefined) throw damaged;
  const question = fitted(whole, names);
  const given = fittedTypes({ ...options.types, ...question.types }, names, whole);
  const written = typedColumns(found, given, uri);
  const scanAs = (all: readonly Column[], types: (column: Column) => DataType): LazyDataFrame =>
    pl.scanCSV(path, {
      ...scanning,
      schema: Object.fromEntries(all.map((column) => [column.name, types(column)])),
      ...options.engine,
    });
  const numbers = await columnsOfNumbers(
    pl,
    scanAs(written, ({ type }) => (type.kind === "decimal" || isIso(type) ? pl.String : engineType(pl, type))),
    textsOf(written, given, question),
    { decimal: options.decimal, limit: question.condition === undefined ? question.limit : undefined },
    (rows) => collect(rows, isLarge),
  );
  const columns = written.map((column): Column => (numbers.has(column.name) ? { ...column, type: float64 } : column));
  const scan = (types: (column: Column) => DataType) => scanAs(columns, types);
  const read = scan(({ type }) => (type.kind === "decimal" || isIso(type) ? pl.String : engineType(pl, type)));
  const exact = exactDecimals(pl, read, columns, options.decimal);
  // it says what is wrong with a row where all columns are asked for
  if (await mayBeRagged(file, names, options, question))
    await collect(asked(pl, exact, columns, { ...question, columns: undefined, condition: undefined }, uri), isLarge);
  const isDated = options.dates === true || columns.some(({ type }) => isIso(type));
  const frame = isDated
    ? await readDated(pl, exact, columns, given, options, question, { uri, isLarge })
    : await collect(asked(pl, exact, columns, question, uri), isLarge);
  const floats = columns.flatMap(({ name, type }) => (type.kind === "float" ? [name] : []));
  const readText = (large: readonly string[]) => {
    const text = scan(({ name, type }) => (large.includes(name) || isIso(type) ? pl.String : engineType(pl, type)));
    return collect(text.select(...columnsExpr(pl, large)), isLarge);
  };
  await refuseRounded(pl, frame, floats, uri, readText, options.decimal);
  // a row may be here, or not, because of a number that became another one
  const compared = comparedWithLarge(question.condition).filter((name) => floats.includes(name));
  if (compared.length > 0) {
    const all = await collect(read.select(...columnsExpr(pl, compared)), isLarge);
    await refuseRounded(pl, all, compared, uri, readText, options.decimal);
  }
  return frame;
}

const float64 = { kind: "float", bits: 64 } as const;

/** Columns that are needed and were found to be text. */
function textsOf(
  all: readonly Column[],
  given: NonNullable<Question["types"]>,
  { columns, condition }: Question,
): readonly string[] {
  const needed = columns && new Set([...columns, ...columnsOfCondition(condition)]);
  const texts = all.filter(({ name, type }) => type.kind === "string" && !Object.hasOwn(given, name));
  return texts.map(({ name }) => name).filter((name) => needed?.has(name) ?? true);
}

/** Where some columns are left out, polars takes what stands behind the last for nothing. */
async function mayBeRagged(
  { chunks }: TextFile,
  names: readonly string[],
  { delimiter = ",", quote = '"', skipRows = 0 }: ReadFormats["csv"],
  { columns, condition, limit = Number.POSITIVE_INFINITY }: Question,
): Promise<boolean> {
  if (columns === undefined) return false;
  const needed = new Set([...columns, ...columnsOfCondition(condition)]);
  if (names.every((name) => needed.has(name))) return false;
  const rows = condition === undefined ? skipRows + 1 + limit : Number.POSITIVE_INFINITY;
  return hasLongRow(chunks(), { cells: names.length, delimiter, quote, rows });
}

/** Days and times are made of their texts before anything is asked of them. */
async function readDated(
  pl: Polars,
  lazy: LazyDataFrame,
  columns: readonly Column[],
  given: NonNullable<Question["types"]>,
  { dates }: ReadFormats["csv"],
  question: Question,
  { uri, isLarge }: Pick<TextFile, "uri" | "isLarge">,
): Promise<DataFrame> {
  const needed = question.columns && [...new Set([...question.columns, ...columnsOfCondition(question.condition)])];
  const texts: Column[] = columns.map(({ name, type }) => ({ name, type: isIso(type) ? { kind: "string" } : type }));
  const limit = question.condition === undefined ? question.limit : undefined;
  let frame = await collect(asked(pl, lazy, texts, { columns: needed, limit }, uri), isLarge);
  for (const { name, type } of columns) {
    if (!frame.columns.includes(name)) continue;
    if (isIso(type)) frame = isoAsked(pl, frame, name, type, uri);
    else if (dates === true && type.kind === "string" && !Object.hasOwn(given, name))
      frame = (await readHere(pl, frame, name, isLarge)) ?? isoFound(pl, frame, name);
  }
  return collect(asked(pl, frame.lazy(), columnsOf(frame), question, uri), isLarge);
}

/** The plain forms, in a third of the time; `undefined` for all others. */
async function readHere(pl: Polars, frame: DataFrame, name: string, isLarge: boolean): Promise<DataFrame | undefined> {
  const type = isLarge ? isoKindOfFirst(pl, frame, name) : undefined;
  if (type === undefined || !isIsoKind({ name, type })) return undefined;
  return withIsoTimes(pl, frame, [{ name, type }]);
}

/** Names as they were before they were quoted, where that leaves each name once. */
function unquoted(found: readonly Column[], { quote = '"' }: ReadFormats["csv"]): readonly Column[] {
  if (quote === false) return found;
  const plain = found.map(({ name, type }) => ({ name: name.replaceAll(quote + quote, quote), type }));
  return new Set(plain.map(({ name }) => name)).size === plain.length ? plain : found;
}

function scanOptions(options: ReadFormats["csv"]): Scanning {
  const { delimiter = ",", header = true, skipRows = 0, quote = '"', comment, nullValues, decimal } = options;
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
    ...(comment === undefined ? {} : { commentPrefix: comment }),
    ...(nullValues === undefined ? {} : { nullValues: [...nullValues] }),
  };
}

export function checkCharacter(name: string, value: string): void {
  if (!/^[\t -~]$/.test(value))
    throw new RangeError(`${name} of a table is one ASCII character, not ${JSON.stringify(value)}`);
}
