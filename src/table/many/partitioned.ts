/** A frame cut into one for each value of some columns, which then stand in the names of folders and no longer in the frames. */
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame, Polars } from "../engine.ts";
import { columnExpr, noColumn } from "../rows/expression.ts";
import { columnsOf } from "../values/columns-of.ts";
import { kindName } from "../values/kind.ts";
import { partitionPath } from "./partitions.ts";

export interface Partition {
  /** `year=2024/month=1/`. */
  readonly path: string;
  readonly frame: DataFrame;
}

const exact: ReadonlySet<string> = new Set(["int", "string", "category", "boolean", "date"]);

/** In the order in which they first come. Errors: malformed for a column that there is none of, unsupported for values without an exact name. */
export function partitioned(pl: Polars, frame: DataFrame, by: readonly string[], uri: string): readonly Partition[] {
  const columns = columnsOf(frame);
  if (by.length === 0) throw new TypeError("partitionBy names no column: leave it out for one file");
  if (by.length >= columns.length) throw new TypeError("partitionBy leaves no column to be written");
  for (const name of by) {
    const type = columns.find((column) => column.name === name)?.type;
    if (type === undefined) throw noColumn(name, columns, uri);
    if (!exact.has(type.kind)) throw inexact(name, kindName(type), uri);
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
    const empty = values.find(([, text]) => text === "");
    if (empty !== undefined) throw nameless(empty[0], uri);
    return { path: partitionPath(values), frame: part.drop([...keys, ...by]) as DataFrame };
  });
}

function inexact(name: string, kind: string, uri: string): EntrepotError {
  return new EntrepotError("unsupported", `${kind} column ${JSON.stringify(name)} cannot name folders exactly`, {
    uri,
    hint: "partition by whole numbers, text, days or booleans",
  });
}

function nameless(name: string, uri: string): EntrepotError {
  return new EntrepotError("unsupported", `column ${JSON.stringify(name)} holds an empty text, which names no folder`, {
    uri,
    hint: "make it a missing value first",
  });
}
