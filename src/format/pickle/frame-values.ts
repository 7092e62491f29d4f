/** Single values of columns and indexes, as `readPickle` would give them by themselves. */
import { exactInt } from "./exact-int.ts";
import { lengthOfIndex, notATime, type PickledColumn, type PickledIndex } from "./frame.ts";
import { type Budget, placeBytes } from "./limits.ts";
import { PickledDuration, PickledTimestamp } from "./values.ts";

/** What each row or column is called; below several levels by frozen arrays. A range is short and its labels are many: `budget` counts them. */
export function labelsOf(index: PickledIndex, budget?: Budget): unknown[] {
  const length = lengthOfIndex(index);
  budget?.spend(placeBytes * length * (index.kind === "range" ? 1 : index.columns.length));
  if (index.kind === "range") return Array.from({ length }, (_, at) => index.start + at * index.step);
  const { columns } = index;
  return Array.from({ length }, (_, at) => {
    const labels = columns.map((column) => pickledValueAt(column, at));
    return columns.length === 1 ? labels[0] : Object.freeze(labels);
  });
}

const nanosOf = { s: 1_000_000_000n, ms: 1_000_000n, us: 1_000n, ns: 1n };

/** One value of a column, as `readPickle` would give it by itself; `null` for a gap. */
export function pickledValueAt(column: PickledColumn, at: number): unknown {
  switch (column.kind) {
    case "category":
      return (column.values[at] ?? -1) < 0 ? null : pickledValueAt(column.categories, column.values[at] as number);
    case "time":
    case "duration": {
      const value = column.values[at] ?? notATime;
      if (value === notATime) return null;
      const nanos = value * nanosOf[column.unit];
      return column.kind === "time" ? new PickledTimestamp(nanos, column.timeZone) : new PickledDuration(nanos);
    }
    case "bigint":
      return column.valid?.[at] === 0 ? null : exactInt(column.values[at] ?? 0n);
    case "number":
      return column.valid?.[at] === 0 ? null : column.values[at];
    case "boolean":
      return column.valid?.[at] === 0 ? null : column.values[at] !== 0;
    default:
      return column.values[at];
  }
}
