/** Columns of a frame as what pictures are drawn from. */
import { EntrepotError } from "../../error/index.ts";
import { columns, type DataFrame } from "../../table/index.ts";
import { columnHint } from "../datamart/chosen.ts";

export interface Cells {
  readonly height: number;
  number(column: string, row: number): number | undefined;
  text(column: string, row: number): string | undefined;
  /** Milliseconds since 1970. */
  time(column: string, row: number): number | undefined;
}

/** Error: malformed for a column that is not there, with those there are. */
export function cellsOf(frame: DataFrame, wanted: readonly string[]): Cells {
  const missing = wanted.find((name) => !frame.columns.includes(name));
  if (missing !== undefined)
    throw new EntrepotError("malformed", `the picture needs the column ${JSON.stringify(missing)}`, {
      hint: `${columnHint(missing, frame.columns)}; includeColumns and subset: false keep more`,
    });
  const cells = columns(frame.select(...new Set(wanted)));
  const value = (column: string, row: number) => cells[column]?.[row] ?? undefined;
  return {
    height: frame.height,
    number(column, row) {
      const cell = value(column, row);
      const number = typeof cell === "bigint" ? Number(cell) : cell;
      return typeof number === "number" && Number.isFinite(number) ? number : undefined;
    },
    text(column, row) {
      const cell = value(column, row);
      return cell === undefined ? undefined : cell instanceof Date ? cell.toISOString() : String(cell);
    },
    time(column, row) {
      const cell = value(column, row);
      return cell instanceof Date ? cell.getTime() : undefined;
    },
  };
}

/** Performance as AUC from 50 to 100, whether the export has it so or from 0.5 to 1. */
export function percentScale(cells: Cells, column: string): number {
  for (let row = 0; row < cells.height; row += 1) if ((cells.number(column, row) ?? 0) > 1) return 1;
  return 100;
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
