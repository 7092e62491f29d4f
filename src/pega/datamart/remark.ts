/** What in an export was not as it should be, and what was made of it: told, never swallowed. */
import type { TableName } from "./known-columns.ts";

export interface DatamartRemark {
  readonly kind: "unreadable-time" | "unknown-zone" | "unreadable-name" | "missing-column";
  readonly table: TableName;
  readonly column: string;
  /** Rows. */
  readonly count: number;
  /** The first value, at most 80 characters of it. */
  readonly example?: string | undefined;
  /** The whole of it as a sentence, values quoted. */
  readonly message: string;
}

export type Remark = (remark: DatamartRemark) => void;

/** Remarks of one kind on one column, counted. */
export function remarkOn(
  tell: Remark,
  kind: DatamartRemark["kind"],
  table: TableName,
  column: string,
  values: readonly string[],
  what: string,
): void {
  const [first] = values;
  if (first === undefined) return;
  const example = first.length > 80 ? `${first.slice(0, 79)}…` : first;
  const rows = values.length === 1 ? "1 row" : `${values.length} rows`;
  const message = `${column} of ${table}: ${rows} with ${what}, e.g. ${JSON.stringify(example)}`;
  tell({ kind, table, column, count: values.length, example, message });
}
