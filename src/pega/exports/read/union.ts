/** Parts of one table as one: the union of their columns, missing values where a file has none. */
import { columnsOf, type DataFrame, type Polars, unite } from "../../../table/index.ts";

/** Rows, and where they come from, one below the other. A frame without columns has rows, too, if its files have. */
export interface Sourced {
  readonly frame: DataFrame;
  readonly files: readonly { readonly uri: string; readonly source: string; readonly rows: number }[];
}

/** The union in the order of the parts, with a last column of sources where one is named. Errors: TypeError where a part has a column of that name; malformed for columns of kinds that nothing holds together. */
export function joined(
  pl: Polars,
  parts: readonly (Sourced & { readonly isInferred: boolean })[],
  sourceColumn: string | undefined,
  uri: string,
): DataFrame {
  const column = parts.flatMap(({ frame }) => frame.columns)[0];
  const named = parts.map((part) => {
    const rows = rowsOf(part);
    const from = { uri: part.files[0]?.uri ?? uri, isInferred: part.isInferred };
    if (sourceColumn !== undefined) return { ...from, frame: withSources(pl, part, sourceColumn) };
    if (part.frame.width > 0 || rows === 0 || column === undefined) return { ...from, frame: part.frame };
    // rows without a value are rows
    const missing = pl.Series(column, new Array<null>(rows).fill(null), pl.String);
    return { ...from, isInferred: true, frame: pl.DataFrame([missing]) as DataFrame };
  });
  const frame = unite(pl, named, uri);
  if (sourceColumn === undefined || frame.width === 0) return frame;
  return frame.select(...frame.columns.filter((name) => name !== sourceColumn), sourceColumn) as DataFrame;
}

/** Columns that are text in one part and something else in another: there they have to be read as they are written. */
export function mixedColumns(frames: readonly DataFrame[]): string[] {
  const kinds = new Map<string, Set<string>>();
  for (const frame of frames) {
    for (const { name, type } of frame.width === 0 ? [] : columnsOf(frame)) {
      const seen = kinds.get(name) ?? new Set();
      if (type.kind !== "null") seen.add(type.kind);
      kinds.set(name, seen);
    }
  }
  const scalars = new Set(["string", "int", "float", "boolean"]);
  return [...kinds].flatMap(([name, seen]) => {
    const isMixed = seen.size > 1 && [...seen].every((kind) => scalars.has(kind));
    return isMixed && (seen.has("string") || seen.has("boolean")) ? [name] : [];
  });
}

/** With a column that says where each row comes from. TypeError where there is one of that name. */
export function withSources(pl: Polars, { frame, files }: Sourced, name: string): DataFrame {
  if (frame.columns.includes(name))
    throw new TypeError(`sourceColumn: the table has a column ${JSON.stringify(name)} of its own`);
  const [only, ...others] = files.filter(({ rows }) => rows > 0);
  if (frame.width > 0 && only === undefined) return frame.withColumns(pl.Series(name, [] as string[], pl.String));
  if (frame.width > 0 && only !== undefined && others.length === 0)
    return frame.withColumns(pl.lit(only.source).cast(pl.String).alias(name)) as DataFrame;
  const sources = files.flatMap(({ source, rows }) => new Array<string>(rows).fill(source));
  if (frame.width === 0 && sources.length === 0) return frame;
  const column = pl.Series(name, sources, pl.String);
  return (frame.width === 0 ? pl.DataFrame([column]) : frame.withColumns(column)) as DataFrame;
}

function rowsOf({ files }: Sourced): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}
