/** CSV as a grid that is edited, and back: what was not touched stays as it was, line ends and byte order mark included. */
export interface Grid {
  readonly rows: readonly (readonly string[])[];
  readonly lineEnd: "\n" | "\r\n";
  readonly hasMark: boolean;
  /** Whether the last line has an end, too. */
  readonly endsWithLine: boolean;
}

/** Beyond this it is edited as text. */
const mostCells = 5_000;

/** `undefined` for what is no grid by RFC 4180: rows of unequal length, quotes that do not match, or too much of it. */
export function parseGrid(text: string): Grid | undefined {
  const hasMark = text.startsWith("\ufeff");
  const body = hasMark ? text.slice(1) : text;
  const lineEnd = body.includes("\r\n") ? "\r\n" : "\n";
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/y;
  while (cell.lastIndex < body.length || rows.at(-1)?.length === 0) {
    const found = cell.exec(body);
    if (found === null) return undefined;
    const [whole, quoted, plain = "", mark] = found;
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (mark === ",") {
      // what stands after the last comma is a cell, too
      if (cell.lastIndex === body.length) rows.at(-1)?.push("");
    } else if (mark !== "" && cell.lastIndex < body.length) rows.push([]);
    if (whole === "") break;
    if (rows.length * (rows[0]?.length ?? 0) > mostCells) return undefined;
  }
  const width = rows[0]?.length ?? 0;
  if (rows.some(({ length }) => length !== width)) return undefined;
  return { rows, lineEnd, hasMark, endsWithLine: body.endsWith("\n") };
}

export function formatGrid({ rows, lineEnd, hasMark, endsWithLine }: Grid): string {
  const lines = rows.map((row) => row.map(formatCell).join(","));
  return (hasMark ? "\ufeff" : "") + lines.join(lineEnd) + (endsWithLine ? lineEnd : "");
}

function formatCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
