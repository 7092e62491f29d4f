/** What in an export was not as it should be, and what was made of it: told, never swallowed. */
import type { TableName } from "./known-columns.ts";

export interface DatamartRemark {
  /**
   * `missing-value`: rows without model or time. `no-common-model`: none of the predictors belongs to one of the models. `waiting`:
   * files whose marker is not there yet, `incomplete`: markers whose file is not there, `offline`: what was
   * fetched before, since nobody can be asked, `broken`: a damaged file that was left out; of these, `count` is of files.
   */
  readonly kind:
    | "unreadable-time"
    | "unknown-zone"
    | "unreadable-name"
    | "missing-value"
    | "missing-column"
    | "no-common-model"
    | "waiting"
    | "incomplete"
    | "offline"
    | "broken";
  /** `undefined` for a remark on both. */
  readonly table: TableName | undefined;
  /** `undefined` for a remark on files. */
  readonly column: string | undefined;
  /** Of rows, where `kind` does not say otherwise. */
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
