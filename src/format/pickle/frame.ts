/**
 * A pandas frame as data: typed columns beside an index, as a pickle holds it. Not a dataframe: nothing is computed on it, and
 * `entrepot/table` makes one of it.
 */

import type { PickledColumn } from "./column.ts";
import { assertDtype } from "./dtypes.ts";

export {
  type NumberArray,
  notATime,
  type PickledBigInts,
  type PickledBooleans,
  type PickledCategories,
  type PickledColumn,
  type PickledDurations,
  type PickledNumbers,
  type PickledObjects,
  type PickledStrings,
  type PickledTexts,
  type PickledTimes,
  type TimeUnit,
} from "./column.ts";

/** The labels of rows: counted, or one column for each level. */
export type PickledIndex =
  | {
      readonly kind: "range";
      readonly name: unknown;
      readonly start: number;
      /** Not among them. */
      readonly stop: number;
      /** Not 0. */
      readonly step: number;
    }
  | { readonly kind: "columns"; readonly columns: readonly PickledColumn[] };

/** What makes a frame. */
export interface PickledFrameParts {
  readonly columns: readonly PickledColumn[];
  /** Default: 0, 1, 2 … */
  readonly index?: PickledIndex | undefined;
  /** The names of the levels of the columns. Default `[null]`: one level without a name. */
  readonly columnLevels?: readonly unknown[] | undefined;
}

/** A pandas DataFrame. `writePickle` writes it as one. */
export class PickledFrame {
  readonly columns: readonly PickledColumn[];
  readonly index: PickledIndex;
  readonly columnLevels: readonly unknown[];

  /** RangeError when columns or index are not equally long; TypeError for a dtype that is not that of the values. */
  constructor({ columns, index, columnLevels = [null] }: PickledFrameParts) {
    this.columns = columns;
    this.index = index ?? {
      kind: "range",
      name: null,
      start: 0,
      stop: columns[0] === undefined ? 0 : lengthOfColumn(columns[0]),
      step: 1,
    };
    this.columnLevels = columnLevels;
    const rows = this.rows;
    for (const column of [...columns, ...(this.index.kind === "columns" ? this.index.columns : [])]) {
      assertDtype(column);
      const length = lengthOfColumn(column);
      if (length !== rows)
        throw new RangeError(`column ${String(column.name)} has ${length} rows, where the index has ${rows}`);
    }
  }

  get rows(): number {
    return lengthOfIndex(this.index);
  }
}

/** A pandas Series: one column and its index. */
export class PickledSeries {
  readonly column: PickledColumn;
  readonly index: PickledIndex;

  /** RangeError when they are not equally long. The index is 0, 1, 2 … by default. */
  constructor(column: PickledColumn, index?: PickledIndex) {
    const frame = new PickledFrame({ columns: [column], index });
    this.column = column;
    this.index = frame.index;
  }
}

/** A pandas Index by itself. */
export class PickledLabels {
  readonly index: PickledIndex;

  constructor(index: PickledIndex) {
    this.index = index;
  }
}

/** Without decoding texts. */
function lengthOfColumn(column: PickledColumn): number {
  return column.kind === "string" && column.utf8 !== undefined ? column.utf8.length : column.values.length;
}

/** How many rows an index labels. */
export function lengthOfIndex(index: PickledIndex): number {
  if (index.kind === "columns") return index.columns[0] === undefined ? 0 : lengthOfColumn(index.columns[0]);
  return Math.max(0, Math.ceil((index.stop - index.start) / index.step));
}
