/** A frame as a result: aligned on a terminal, CSV in a pipe, lines of JSON with --json. */
import { csvText } from "../../format/index.ts";
import { type Column, columnsOf, type DataFrame, type Frame, kindName, rows } from "../../table/index.ts";
import type { Call } from "../command.ts";
import { printable } from "../escape.ts";
import { cellText, rowJson, shownCell } from "./cells.ts";
import { counted, prettyLines } from "./pretty.ts";

/** Rows that a terminal shows of a long table: the first and the last. */
const firstRows = 40;
const lastRows = 10;

/** `numeric` are columns of text that hold numbers as text. */
export async function tellFrame(call: Call, given: Frame, numeric: readonly string[] = []): Promise<void> {
  const frame = given as DataFrame;
  const columns = columnsOf(frame);
  const { output } = call;
  if (output.width !== undefined) {
    for (const line of prettyFrame(frame, columns, output.width, numeric)) await output.write(`${line}\n`);
    return;
  }
  if (!output.json) await output.write(csvText([columns.map(({ name }) => name)]));
  for (const row of rows(frame, { timestamps: "text" })) {
    call.signal.throwIfAborted();
    const line = output.json
      ? `${rowJson(row, columns)}\n`
      : csvText([columns.map(({ name, type }) => cellText(row[name], type))]);
    await output.write(line);
  }
}

function prettyFrame(
  frame: DataFrame,
  columns: readonly Column[],
  width: number,
  numeric: readonly string[],
): string[] {
  const isLong = frame.height > firstRows + lastRows;
  const top = [...rows(isLong ? frame.head(firstRows) : frame, { timestamps: "text" })];
  const bottom = isLong ? [...rows(frame.tail(lastRows), { timestamps: "text" })] : [];
  const pretty = columns.map(({ name, type }) => ({
    name: printable(name),
    type: kindName(type),
    right: ["int", "float", "decimal"].includes(type.kind) || numeric.includes(name),
    cells: [
      ...top.map((row) => shownCell(row[name], type)),
      ...(isLong ? ["…"] : []),
      ...bottom.map((row) => shownCell(row[name], type)),
    ],
  }));
  const size = `${counted(frame.height, "row")}, ${counted(frame.width, "column")}`;
  return [...(columns.length === 0 ? [] : prettyLines(pretty, width)), size];
}
