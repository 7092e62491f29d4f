/** What the columns of a pickled frame are called in a table, its index among them, as pandas names them in Parquet. Pure. */
import { EntrepotError } from "../../error/index.ts";
import { lengthOfIndex, type PickledColumn, type PickledFrame, type PickledIndex } from "../../format/index.ts";

export interface NamedColumn {
  readonly name: string;
  readonly column: PickledColumn;
}

/**
 * The columns in order, then those of the index: by its names, `__index_level_0__` and so on where it has none. Rows that are only
 * counted from 0 have none. Error: unsupported for two columns of one name.
 */
export function namedColumns({ columns, index, rows }: PickledFrame, uri: string): readonly NamedColumn[] {
  const named = columns.map((column) => ({ name: labelText(column.name), column }));
  const taken = new Set<string>();
  for (const { name } of named) {
    if (taken.has(name)) throw twice(name, uri);
    taken.add(name);
  }
  for (const [level, column] of indexColumns(index, rows).entries()) {
    const own = column.name === null ? undefined : labelText(column.name);
    const name = own === undefined || taken.has(own) ? `__index_level_${level}__` : own;
    if (taken.has(name)) throw twice(name, uri);
    taken.add(name);
    named.push({ name, column });
  }
  return named;
}

function indexColumns(index: PickledIndex, rows: number): readonly PickledColumn[] {
  if (index.kind === "columns") return index.columns;
  const { name, start, step } = index;
  if (name === null && start === 0 && (step === 1 || rows === 0)) return [];
  const values = BigInt64Array.from({ length: lengthOfIndex(index) }, (_, at) => BigInt(start + at * step));
  return [{ kind: "bigint", name, dtype: "int64", values }];
}

/** As Python's `str` has it: below several levels `('a', 'b')`. */
function labelText(label: unknown): string {
  if (Array.isArray(label)) return `(${label.map(inTuple).join(", ")}${label.length === 1 ? "," : ""})`;
  if (label === null || label === undefined) return "None";
  if (typeof label === "boolean") return label ? "True" : "False";
  return Number.isNaN(label) ? "nan" : String(label);
}

function inTuple(label: unknown): string {
  if (typeof label !== "string") return labelText(label);
  const quote = label.includes("'") && !label.includes('"') ? '"' : "'";
  const escaped = label.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replaceAll("\n", "\\n");
  return `${quote}${escaped}${quote}`;
}

function twice(name: string, uri: string): EntrepotError {
  return new EntrepotError("unsupported", `${uri} has two columns that are called ${JSON.stringify(name)}`, {
    uri,
    hint: "name them apart in pandas: a table has each name once; readPickle gives both",
  });
}
