/** Which columns of an export are kept, by the names that they have here. */
import { closest } from "../../error/index.ts";
import type { DataFrame } from "../../table/index.ts";
import { keptColumns } from "./known-columns.ts";
import { columnName } from "./names.ts";

export interface ColumnOptions {
  /** `false` keeps all columns. Default `true`: those that figures and pictures need. */
  readonly subset?: boolean | undefined;
  /** Kept beside the default ones; any case, with or without `py`. */
  readonly includeColumns?: readonly string[] | undefined;
  /** Left out, also with `subset: false`. RangeError for `ModelID`. */
  readonly dropColumns?: readonly string[] | undefined;
}

/** In the order of the export. */
export function chosen(frame: DataFrame, options: ColumnOptions): DataFrame {
  const included = new Set((options.includeColumns ?? []).map(columnName));
  const dropped = new Set((options.dropColumns ?? []).map(columnName));
  const keepsAll = options.subset === false;
  const columns = frame.columns.filter(
    (name) => !dropped.has(name) && (keepsAll || keptColumns.has(name) || included.has(name)),
  );
  return columns.length === frame.width ? frame : frame.select(...columns);
}

/** What to say of a column that is not there. */
export function columnHint(asked: string, columns: readonly string[]): string {
  const meant = closest(asked, columns);
  return `${meant === undefined ? "" : `did you mean ${meant}? `}there are ${columns.join(", ")}`;
}
