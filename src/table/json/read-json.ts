/** JSON lines on this disk as a frame. All lines are looked at for their keys and types: a late key is a column like any other. */
import { EntrepotError } from "../../error/index.ts";
import type { TextFile } from "../csv/read-csv.ts";
import { type DataFrame, type DataType, engineError, type LazyDataFrame, type Polars } from "../engine.ts";
import type { ReadFormats } from "../formats.ts";
import { asked, collect, type Question } from "../read/question.ts";
import { refuseRounded } from "../read/rounded.ts";
import { typedColumns } from "../read/typed-columns.ts";
import { columnExpr } from "../rows/expression.ts";
import { fitted, fittedTypes } from "../rows/fit.ts";
import { columnsOf } from "../values/columns-of.ts";
import { exactDecimals } from "../values/decimals.ts";
import { exactCast } from "../values/exact-cast.ts";
import type { Column } from "../values/kind.ts";

/** A file without any line has neither rows nor columns. Errors: malformed, unsupported. */
export async function readJsonFile(
  pl: Polars,
  { path, uri, isLarge }: TextFile,
  options: ReadFormats["jsonl"],
  asking: Question,
): Promise<DataFrame> {
  const wanted = { ...options.types, ...asking.types };
  // with its text as a number is written, any number can become what was asked for
  const asText = Object.keys(wanted).filter((name) => isExactFromText(wanted[name] ?? ""));
  const scan = (texts: readonly string[]): LazyDataFrame =>
    pl.scanJson(path, {
      inferSchemaLength: null,
      ...(texts.length === 0 ? {} : { schemaOverrides: overrides(pl, texts) }),
      ...options.engine,
    });
  try {
    const lazy = scan(asText);
    const found = columnsOf(lazy.limit(0).collectSync());
    const present = found.map(({ name }) => name);
    const question = fitted(asking, present);
    const given = fittedTypes(wanted, present, asking);
    const columns = typedColumns(found, given, uri);
    const decided = columns.map((column, index) => {
      const isParsed = column.type.kind === "decimal" || !Object.hasOwn(given, column.name);
      return isParsed ? column : (found[index] as Column);
    });
    const whole = { ...question, types: undefined };
    const cast = exactDecimals(pl, lazy, decided);
    const frame =
      Object.keys(given).length === 0
        ? await collect(asked(pl, cast, decided, whole, uri), isLarge)
        : await castThenAsked(pl, cast, columns, given, question, uri, isLarge);
    const floats = columns.filter(({ name, type }) => type.kind === "float" && !Object.hasOwn(given, name));
    const names = floats.map(({ name }) => name);
    await refuseRounded(pl, frame, names, uri, (large) =>
      collect(scan(large).select(...large.map((name) => columnExpr(pl, name))), isLarge),
    );
    return frame;
  } catch (error) {
    throw explained(error, uri);
  }
}

async function castThenAsked(
  pl: Polars,
  lazy: LazyDataFrame,
  columns: readonly Column[],
  given: NonNullable<Question["types"]>,
  question: Question,
  uri: string,
  isLarge: boolean,
): Promise<DataFrame> {
  const frame = exactCast(pl, await collect(lazy, isLarge), given, uri);
  return collect(asked(pl, frame.lazy(), columns, question, uri), isLarge);
}

function isExactFromText(type: string): boolean {
  return type === "string" || type === "uint64" || type.startsWith("decimal");
}

function overrides(pl: Polars, names: readonly string[]): Record<string, DataType> {
  return Object.fromEntries(names.map((name) => [name, pl.String]));
}

function explained(error: unknown, uri: string): unknown {
  if (error instanceof EntrepotError || !(error instanceof Error)) return error;
  if (/^(cannot parse '|unexpected value while building)/.test(error.message))
    return new EntrepotError("malformed", `${uri} has a column of several kinds: ${error.message.split("\n", 1)[0]}`, {
      uri,
      cause: error,
      hint: '{ types: { column: "string" } } takes all of its values for text',
    });
  return engineError(error, uri, "reading");
}
