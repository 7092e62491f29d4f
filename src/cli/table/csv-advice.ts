/** What a table looks like when CSV was read with the wrong options, and which are likely to be right: a word on standard error. */
import { type Column, columnsOf, type DataFrame, type Frame, rows } from "../../table/index.ts";
import type { Call } from "../command.ts";
import { printable } from "../escape.ts";

const otherDelimiters = [";", "\t", "|", ","] as const;
/** Rows that are looked at. */
const fewRows = 20;

/** Says nothing of a table that was read with such options, nor where the call is to be quiet. */
export function adviseCsv(call: Call, given: Frame, reading: object): void {
  if (call.output.quiet) return;
  const frame = given as DataFrame;
  const few = [...rows(frame.head(fewRows), { timestamps: "text" })];
  const advice = adviceOn(columnsOf(frame), few, reading);
  if (advice !== undefined) call.output.say({ text: () => `hint: ${advice}`, json: () => undefined });
}

/** The option that was probably meant; `undefined` where nothing looks odd. */
export function adviceOn(
  columns: readonly Column[],
  few: readonly Readonly<Record<string, unknown>>[],
  reading: object,
): string | undefined {
  const [only] = columns;
  if (only !== undefined && columns.length === 1 && !("delimiter" in reading)) {
    const likely = otherDelimiters.find((each) => only.name.includes(each));
    if (likely !== undefined) return `one column: try --delimiter ${likely === "\t" ? "\\t" : `'${likely}'`}`;
  }
  if ("decimal" in reading) return undefined;
  const number = columns.find(({ name, type }) => {
    const cells = few.map((row) => row[name]).filter((cell) => cell !== null);
    return (
      type.kind === "string" &&
      cells.every((cell) => /^-?\d+(,\d+)?$/.test(String(cell))) &&
      cells.some((cell) => String(cell).includes(","))
    );
  });
  return number === undefined ? undefined : `${printable(number.name)} is text: --decimal , reads it as numbers`;
}
