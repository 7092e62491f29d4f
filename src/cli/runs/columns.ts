/** Lines for people: columns as wide as what stands in them, the last one as it is. */
import { printable } from "../escape.ts";

/** One line for each row, its cells made printable and two spaces apart. Numbers stand to the right. */
export function columnLines(rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const shown = rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell : printable(cell))));
  const widths: number[] = [];
  for (const row of shown)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, String(cell).length);
  return shown.map((row) =>
    row
      .map((cell, at) =>
        typeof cell === "number" ? String(cell).padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
