/**
 * JSON lines on this disk as a frame. All lines are looked at for their keys and types: a late key is a column like any other. Of
 * large files only the first lines tell types, where no other has another key; one that does not fit makes all of them tell.
 */
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame, DataType, LazyDataFrame, Polars } from "../engine.ts";
import type { ReadFormats } from "../formats.ts";
import { asked, collect, type Question } from "../read/question.ts";
import { comparedWithLarge, refuseRounded, rounded } from "../read/rounded.ts";
import { typedColumns } from "../read/typed-columns.ts";
import { columnsExpr } from "../rows/expression.ts";
import { fitted, fittedTypes } from "../rows/fit.ts";
import { type Leaf, leavesOf } from "../rows/leaves.ts";
import { columnsOf } from "../values/columns-of.ts";
import { exactDecimals } from "../values/decimals.ts";
import { exactCast } from "../values/exact-cast.ts";
import { isoFound } from "../values/iso-texts.ts";
import type { Column, Kind } from "../values/kind.ts";
import { checkLines, type LineFacts, placeOf } from "./check-lines.ts";
import { explainedJson } from "./explained.ts";
import { hasOnlyKeys } from "./known-keys.ts";
import { mayBeDeep, watched } from "./may-be-deep.ts";

/** A file on this disk, plain UTF-8. */
export interface LineFile {
  readonly path: string;
  readonly uri: string;
  /** Whether reading it takes so long that the event loop must be free meanwhile. */
  readonly isLarge: boolean;
  /** What a line of it is called: a value where it was an array. */
  readonly unit: "line" | "value";
  /** Its bytes, from the beginning. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Lines whose types are looked at first. */
const firstLines = 10_000;

/** A file without any line has neither rows nor columns. Errors: malformed, unsupported. */
export async function readJsonFile(
  pl: Polars,
  file: LineFile,
  options: ReadFormats["jsonl"],
  asking: Question,
): Promise<DataFrame> {
  try {
    if (options.engine === undefined && (await isToldByFirstLines(pl, file, { ...options.types, ...asking.types })))
      return await readInferred(pl, file, options, asking, firstLines, undefined);
  } catch (error) {
    // what polars says of a line may be that its type was not seen before
    if (error instanceof EntrepotError || error instanceof TypeError || error instanceof RangeError) throw error;
  }
  try {
    const facts = await checkLines(file.chunks(), file.uri);
    return await readInferred(pl, file, options, asking, null, facts);
  } catch (error) {
    throw await explainedJson(error, file);
  }
}

/** Whether they have all keys, and a type for each; polars leaves out keys that are not in them, but never a value of another type. */
async function isToldByFirstLines(
  pl: Polars,
  file: LineFile,
  wanted: NonNullable<Question["types"]>,
): Promise<boolean> {
  if (!file.isLarge || Object.values(wanted).some(isExactFromText)) return false;
  if (await mayBeDeep(file.chunks(), firstLines)) return false;
  const first = await collect(pl.scanJson(file.path, { inferSchemaLength: firstLines }).limit(0), true);
  const columns = columnsOf(first);
  const keys = columns.map(({ name, type }) => ({ name, isText: type.kind === "string" }));
  if (!columns.every(({ type }) => isFlat(type))) return false;
  let isDeep = false;
  const tell = () => {
    isDeep = true;
  };
  return (await hasOnlyKeys(watched(file.chunks(), tell), keys)) && !isDeep;
}

function isFlat(kind: Kind): boolean {
  if (kind.kind === "list") return kind.item.kind !== "string" && isFlat(kind.item);
  return kind.kind !== "struct" && kind.kind !== "null" && kind.kind !== "other";
}

async function readInferred(
  pl: Polars,
  { path, uri, isLarge, chunks }: LineFile,
  options: ReadFormats["jsonl"],
  asking: Question,
  inferSchemaLength: number | null,
  facts: LineFacts | undefined,
): Promise<DataFrame> {
  const wanted = { ...options.types, ...asking.types };
  const keysAmong = async (names: readonly string[]) => {
    const there = (await collect(pl.scanJson(path, { inferSchemaLength }).limit(0), isLarge)).columns;
    return names.filter((name) => there.includes(name));
  };
  // with its text as a number is written, any number can become what was asked for
  const exact = Object.keys(wanted).filter((name) => isExactFromText(wanted[name] ?? ""));
  // polars refuses to be told of a column that it does not find
  const asText = exact.length > 0 && asking.isPartial === true ? await keysAmong(exact) : exact;
  const scan = (texts: readonly string[]): LazyDataFrame =>
    pl.scanJson(path, {
      inferSchemaLength,
      ...(texts.length === 0 ? {} : { schemaOverrides: overrides(pl, texts) }),
      ...options.engine,
    });
  const lazy = scan(asText);
  const found = columnsOf(await collect(lazy.limit(0), isLarge));
  const present = found.map(({ name }) => name);
  const question = fitted(asking, present);
  const given = fittedTypes(wanted, present, asking);
  const columns = typedColumns(found, given, uri);
  for (const column of found) refuseLost(column, given, facts?.rounded.get(column.name), uri);
  const decided = columns.map((column, index) => {
    const isParsed = column.type.kind === "decimal" || !Object.hasOwn(given, column.name);
    return isParsed ? column : (found[index] as Column);
  });
  const whole = { ...question, types: undefined };
  const cast = exactDecimals(pl, lazy, decided);
  const frame =
    Object.keys(given).length === 0 && options.dates !== true
      ? await collect(asked(pl, cast, decided, whole, uri), isLarge)
      : await castThenAsked(pl, cast, given, options.dates === true, question, uri, isLarge);
  const floats = columns.filter(({ name, type }) => type.kind === "float" && !Object.hasOwn(given, name));
  const names = floats.map(({ name }) => name);
  const readText = (large: readonly string[]) => collect(scan(large).select(...columnsExpr(pl, large)), isLarge);
  await refuseRounded(pl, frame, names, uri, readText);
  // a row may be here, or not, because of a number that became another one
  const compared = comparedWithLarge(question.condition).filter((name) => names.includes(name));
  if (compared.length > 0)
    await refuseRounded(pl, await collect(lazy.select(...columnsExpr(pl, compared)), isLarge), compared, uri, readText);
  const large = largeWithin(
    pl,
    frame,
    columns.filter(({ name }) => !Object.hasOwn(given, name)),
  );
  if (large.length > 0) refuseRoundedWithin(large, facts ?? (await checkLines(chunks(), uri)), uri);
  return frame;
}

/** Where in lists and structs there are floats that may have been other numbers. */
function largeWithin(pl: Polars, frame: DataFrame, columns: readonly Column[]): readonly Leaf[] {
  const nested = columns.filter(({ name, type }) => frame.columns.includes(name) && isNested(type));
  return nested
    .flatMap((column) => leavesOf(pl, column))
    .filter(({ type, values }) => {
      if (type.kind !== "float") return false;
      const isLarge = values.abs().gtEq(pl.lit(2 ** 53));
      return frame.select(isLarge.alias("value")).filter(pl.col("value")).height > 0;
    });
}

function isNested({ kind }: Kind): boolean {
  return kind === "list" || kind === "struct";
}

function refuseRoundedWithin(leaves: readonly Leaf[], { integers }: LineFacts, uri: string): void {
  for (const { path } of leaves) {
    const number = integers.get(placeOf(path));
    if (number !== undefined) throw rounded(path, number, 64, uri);
  }
}

/** Objects without keys take the place of other values, and digits are lost where a number becomes text. */
function refuseLost(
  { name, type }: Column,
  given: NonNullable<Question["types"]>,
  number: string | undefined,
  uri: string,
): void {
  const text = `{ types: { ${JSON.stringify(name)}: "string" } }`;
  if (hasNoFields(type))
    throw new EntrepotError("unsupported", `column ${JSON.stringify(name)} of ${uri} holds objects without a key`, {
      uri,
      hint: `no column holds them: ${text} takes them for text`,
    });
  const wanted = Object.hasOwn(given, name) ? given[name] : undefined;
  const isText = JSON.stringify(type).includes('"string"');
  if (number === undefined || !(isText || (wanted !== undefined && isExactFromText(wanted)))) return;
  throw new EntrepotError(
    "unsupported",
    `column ${JSON.stringify(name)} of ${uri} holds ${number}, which would be rounded`,
    {
      uri,
      hint: "as float64 it is rounded as every float is; as text, write it as a string where it is made",
    },
  );
}

function hasNoFields(kind: Kind): boolean {
  if (kind.kind === "list") return hasNoFields(kind.item);
  return kind.kind === "struct" && (kind.fields.length === 0 || kind.fields.some(({ type }) => hasNoFields(type)));
}

async function castThenAsked(
  pl: Polars,
  lazy: LazyDataFrame,
  given: NonNullable<Question["types"]>,
  isDated: boolean,
  question: Question,
  uri: string,
  isLarge: boolean,
): Promise<DataFrame> {
  let frame = exactCast(pl, await collect(lazy, isLarge), given, uri);
  for (const { name, type } of isDated ? columnsOf(frame) : [])
    if (type.kind === "string" && !Object.hasOwn(given, name)) frame = isoFound(pl, frame, name);
  return collect(asked(pl, frame.lazy(), columnsOf(frame), question, uri), isLarge);
}

function isExactFromText(type: string): boolean {
  return type === "string" || type === "uint64" || type.startsWith("decimal");
}

function overrides(pl: Polars, names: readonly string[]): Record<string, DataType> {
  return Object.fromEntries(names.map((name) => [name, pl.String]));
}
