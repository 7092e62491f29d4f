/** Many frames as one: the union of their columns, in the order in which they first come, each of a type that holds all. */
import { EntrepotError } from "../../error/index.ts";
import { type DataFrame, engineError, type Polars } from "../engine.ts";
import { columnsOf } from "../values/columns-of.ts";
import { castColumn } from "../values/exact-cast.ts";
import { type Column, isSameKind, type Kind, kindName } from "../values/kind.ts";
import { engineType } from "../values/types.ts";
import { commonKind } from "./widest-kind.ts";

export interface Part {
  readonly uri: string;
  readonly frame: DataFrame;
  /** Whether types were found by looking: a column of text without any text may be anything. */
  readonly isInferred: boolean;
}

/** Errors: malformed for a column of kinds that nothing holds together; unsupported for values that would change. */
export function unite(pl: Polars, parts: readonly Part[], uri: string): DataFrame {
  const known = parts
    .filter(({ frame }) => frame.width > 0)
    .map((part) => ({ ...part, columns: columnsOf(part.frame).map((column) => seen(part, column)) }));
  const united = new Map<string, { readonly type: Kind; readonly uri: string }>();
  for (const { columns, uri: from } of known) {
    for (const { name, type } of columns) {
      const before = united.get(name);
      const common = before === undefined ? type : commonKind(before.type, type);
      if (common === undefined) throw apart(name, before as NonNullable<typeof before>, { type, uri: from }, uri);
      // it is from where its type comes
      united.set(name, {
        type: common,
        uri: before !== undefined && isSameKind(common, before.type) ? before.uri : from,
      });
    }
  }
  try {
    const frames = known.map((part) => cast(pl, part, united));
    const [first] = frames;
    if (first === undefined) return pl.DataFrame({}) as DataFrame;
    return frames.length === 1 ? first : pl.concat(frames, { how: "diagonalRelaxed", rechunk: false });
  } catch (error) {
    throw engineError(error, uri, "joining the tables of");
  }
}

function cast(
  pl: Polars,
  { frame, columns, uri }: Part & { readonly columns: readonly Column[] },
  united: ReadonlyMap<string, { readonly type: Kind }>,
): DataFrame {
  let result = frame;
  for (const { name, type } of columns) {
    const wanted = united.get(name)?.type ?? type;
    if (type.kind === "null" && wanted.kind !== "null") result = withoutValues(pl, result, name, wanted);
    else if (!isSameKind(type, wanted) && !isJoined(wanted)) result = castColumn(pl, result, name, type, wanted, uri);
  }
  return result;
}

/** Polars itself joins what is nested, field by field. */
function isJoined(kind: Kind): boolean {
  return kind.kind === "list" || kind.kind === "struct" || kind.kind === "bytes";
}

/** Without any value a column may be of any type. Where JavaScript has no word for it, the concatenation gives it that of the others. */
function withoutValues(pl: Polars, frame: DataFrame, name: string, wanted: Kind): DataFrame {
  if (!isJoined(wanted)) return frame.withColumns(pl.lit(null).cast(engineType(pl, wanted)).alias(name));
  return frame.width > 1 ? (frame.drop(name) as DataFrame) : frame;
}

function seen({ frame, isInferred }: Part, column: Column): Column {
  const { name, type } = column;
  if (!isInferred || type.kind !== "string" || frame.getColumn(name).nullCount() < frame.height) return column;
  return { name, type: { kind: "null" } };
}

interface From {
  readonly type: Kind;
  readonly uri: string;
}

function apart(name: string, before: From, now: From, uri: string): EntrepotError {
  const kinds = `${kindName(before.type)} in ${before.uri} and ${kindName(now.type)} in ${now.uri}`;
  return new EntrepotError("malformed", `column ${JSON.stringify(name)} is ${kinds}`, {
    uri,
    hint: `{ types: { ${JSON.stringify(name)}: "string" } } or columns: { ${JSON.stringify(name)}: "string" } reads both as text`,
  });
}
