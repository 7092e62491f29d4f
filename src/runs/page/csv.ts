/** CSV as a grid that is edited, and back: what was not touched keeps its quotes, line ends, byte order mark and final line end. */
export interface Cell {
  readonly text: string;
  /** Whether it stands in quotes, needed or not. */
  readonly isQuoted: boolean;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** Empty for a last line without one. */
  readonly end: "\n" | "\r\n" | "";
}

export interface Grid {
  readonly rows: readonly Row[];
  readonly hasMark: boolean;
}

/** Beyond this it is edited as text. */
const mostEdited = 5_000;

export interface GridLimits {
  /** Rows behind these are left out. Default: none are. */
  readonly rows?: number;
  /** With more cells it is no grid. Default: 5,000. */
  readonly cells?: number;
}

/** `undefined` for what is no grid by RFC 4180: rows of unequal length, quotes that do not match, or too much of it. */
export function parseGrid(
  text: string,
  { rows: mostRows = Number.POSITIVE_INFINITY, cells: mostCells = mostEdited }: GridLimits = {},
): Grid | undefined {
  const hasMark = text.startsWith("\ufeff");
  const body = hasMark ? text.slice(1) : text;
  const rows: Row[] = [];
  let cells: Cell[] = [];
  let count = 0;
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/y;
  do {
    const found = cell.exec(body);
    if (found === null) return undefined;
    const [, quoted, plain = "", mark = ""] = found;
    cells.push({ text: quoted?.replaceAll('""', '"') ?? plain, isQuoted: quoted !== undefined });
    count += 1;
    if (count > mostCells) return undefined;
    if (mark === ",") {
      if (cell.lastIndex < body.length) continue;
      // what stands after the last comma is a cell, too
      cells.push({ text: "", isQuoted: false });
    }
    rows.push({ cells, end: mark === "\n" || mark === "\r\n" ? mark : "" });
    cells = [];
  } while (cell.lastIndex < body.length && rows.length < mostRows);
  const width = rows[0]?.cells.length;
  return rows.every(({ cells }) => cells.length === width) ? { rows, hasMark } : undefined;
}

export function formatGrid({ rows, hasMark }: Grid): string {
  return (hasMark ? "\ufeff" : "") + rows.map((row) => formatRow(row, rows.length)).join("");
}

/** The row and the column count from 0. */
export function withCell(grid: Grid, at: number, column: number, text: string): Grid {
  const rows = grid.rows.map((row, index) =>
    index === at
      ? { ...row, cells: row.cells.map((cell, place) => (place === column ? { ...cell, text } : cell)) }
      : row,
  );
  return { ...grid, rows };
}

/** With an empty row at the end; whether the last line has an end stays. */
export function withNewRow(grid: Grid): Grid {
  const last = grid.rows.at(-1);
  const usual = grid.rows.find(({ end }) => end !== "")?.end ?? "\n";
  const cells = (last?.cells ?? []).map(() => ({ text: "", isQuoted: false }));
  const rows = grid.rows.map((row) => (row === last && row.end === "" ? { ...row, end: usual } : row));
  return { ...grid, rows: [...rows, { cells, end: last?.end === "" ? "" : usual }] };
}

/** Without one row; whether the last line has an end stays. */
export function withoutRow(grid: Grid, at: number): Grid {
  const rows = grid.rows.filter((_, index) => index !== at);
  const last = rows.at(-1);
  if (grid.rows.at(-1)?.end !== "" || last === undefined) return { ...grid, rows };
  return { ...grid, rows: [...rows.slice(0, -1), { ...last, end: "" }] };
}

function formatRow({ cells, end }: Row, rowCount: number): string {
  // an empty last line is none
  const isUnseen = cells.length === 1 && cells[0]?.text === "" && end === "" && rowCount > 1;
  return (isUnseen ? '""' : cells.map(formatCell).join(",")) + end;
}

function formatCell({ text, isQuoted }: Cell): string {
  return isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
