/** A frame cut into one for each value of some columns, which then stand in the names of folders and no longer in the frames. */
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame, Polars } from "../engine.ts";
import { columnExpr, noColumn } from "../rows/expression.ts";
import { columnsOf } from "../values/columns-of.ts";
import { kindName } from "../values/kind.ts";
import { missing, partitionPath } from "./partitions.ts";

export interface Partition {
  /** `year=2024/month=1/`. */
  readonly path: string;
  readonly frame: DataFrame;
}

const exact: ReadonlySet<string> = new Set(["int", "string", "category", "boolean", "date"]);

/** In the order in which they first come. Errors: malformed for a column that there is none of, unsupported for values without an exact name, and for a table without rows. */
export function partitioned(pl: Polars, frame: DataFrame, by: readonly string[], uri: string): readonly Partition[] {
  const columns = columnsOf(frame);
  if (by.length === 0) throw new TypeError("partitionBy names no column: leave it out for one file");
  if (by.length >= columns.length) throw new TypeError("partitionBy leaves no column to be written");
  if (frame.height === 0) throw rowless(uri);
  for (const name of by) {
    const type = columns.find((column) => column.name === name)?.type;
    if (type === undefined) throw noColumn(name, columns, uri);
    if (name === "" || !exact.has(type.kind)) throw inexact(name, kindName(type), uri);
  }
  const keys = by.map((_, index) => `\0${index}`);
  const keyed = frame.withColumns(
    ...by.map((name, index) =>
      columnExpr(pl, name)
        .cast(pl.String)
        .alias(keys[index] ?? ""),
    ),
  );
  return keyed.partitionBy(keys, true, true).map((part) => {
    const values = by.map((name, index) => [name, part.getColumn(keys[index] ?? "").get(0) as string | null] as const);
    for (const [name, text] of values) if (text === "" || text === missing) throw nameless(name, text, uri);
    return { path: partitionPath(values), frame: part.drop([...keys, ...by]) as DataFrame };
  });
}

function inexact(name: string, kind: string, uri: string): EntrepotError {
  return new EntrepotError("unsupported", `${kind} column ${JSON.stringify(name)} cannot name folders exactly`, {
    uri,
    hint: "partition by whole numbers, text, days or booleans",
  });
}

/** The one would be a folder without a value, the other is the name of the folder of missing values. */
function nameless(name: string, text: string, uri: string): EntrepotError {
  const what = text === "" ? "an empty text" : `the text ${text}`;
  return new EntrepotError("unsupported", `column ${JSON.stringify(name)} holds ${what}, which names no folder`, {
    uri,
    hint: "make it a missing value first",
  });
}

function rowless(uri: string): EntrepotError {
  return new EntrepotError("unsupported", `a table without rows has no values to name folders of ${uri}`, {
    uri,
    hint: "look at its height first, or write it as one file, which keeps its columns",
  });
}
