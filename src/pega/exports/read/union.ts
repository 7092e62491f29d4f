/** Parts of one table as one: the union of their columns, missing values where a file has none. */
import { columnsOf, type DataFrame, type Polars, unite } from "../../../table/index.ts";
import type { ReadPart } from "./read-files.ts";

export interface NamedPart {
  readonly frame: DataFrame;
  readonly uri: string;
  readonly isInferred: boolean;
}

/** Errors: malformed for columns of kinds that nothing holds together. */
export function union(pl: Polars, parts: readonly NamedPart[], uri: string): DataFrame {
  return unite(pl, parts, uri);
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
export function withSources(pl: Polars, { frame, files }: Pick<ReadPart, "frame" | "files">, name: string): DataFrame {
  if (frame.columns.includes(name))
    throw new TypeError(`sourceColumn: the table has a column ${JSON.stringify(name)} of its own`);
  if (frame.width === 0) return frame;
  const [only, ...others] = files.filter(({ rows }) => rows > 0);
  if (only !== undefined && others.length === 0)
    return frame.withColumns(pl.lit(only.file.source).cast(pl.String).alias(name)) as DataFrame;
  const sources = files.flatMap(({ file, rows }) => new Array<string>(rows).fill(file.source));
  return frame.withColumns(pl.Series(name, sources, pl.String)) as DataFrame;
}
