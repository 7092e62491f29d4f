/** Rows and columns as lines that fit a terminal: aligned, cut where they are too wide, with a word on what is left out. Pure. */

export interface PrettyColumn {
  readonly name: string;
  /** Shown below the name. Default: nothing. */
  readonly type?: string | undefined;
  /** Numbers stand at the right, and are rounded where they are too wide. */
  readonly right: boolean;
  readonly cells: readonly string[];
}

const widest = 40;
const narrowest = 6;
const gap = "  ";

/** `width` in characters, from 20. */
export function prettyLines(columns: readonly PrettyColumn[], width: number): string[] {
  const wanted = columns.map((column) => Math.min(widest, widthOf(column)));
  const shown = fitting(wanted, Math.max(20, width));
  const kept = columns.slice(0, shown.length);
  const line = (cell: (column: PrettyColumn) => string) =>
    kept
      .map((column, index) => padded(cell(column), shown[index] ?? 0, column.right))
      .join(gap)
      .trimEnd();
  const lines = [line(({ name }) => name)];
  if (kept.some(({ type }) => type !== undefined)) lines.push(line(({ type = "" }) => type));
  lines.push(shown.map((length) => "─".repeat(length)).join(gap));
  const rows = Math.max(0, ...kept.map(({ cells }) => cells.length));
  for (let row = 0; row < rows; row += 1) lines.push(line(({ cells }) => cells[row] ?? ""));
  const left = columns.slice(kept.length).map(({ name }) => name);
  if (left.length > 0) lines.push(cut(`… and ${counted(left.length, "column")} more: ${left.join(", ")}`, width));
  return lines;
}

export function counted(number: number, what: string): string {
  return `${number.toLocaleString("en-US")} ${what}${number === 1 ? "" : "s"}`;
}

/** The widths of as many columns as fit, the wide ones made narrower before any is left out. */
function fitting(wanted: readonly number[], width: number): number[] {
  for (let most = widest; most >= narrowest; most -= 2) {
    const widths = wanted.map((each) => Math.min(each, most));
    if (sum(widths) <= width || most - 2 < narrowest) {
      while (widths.length > 1 && sum(widths) > width) widths.pop();
      return widths;
    }
  }
  return [...wanted];
}

function sum(widths: readonly number[]): number {
  return widths.reduce((all, each) => all + each, 0) + gap.length * Math.max(0, widths.length - 1);
}

function widthOf({ name, type = "", cells }: PrettyColumn): number {
  return Math.max(1, lengthOf(name), lengthOf(type), ...cells.map(lengthOf));
}

/** Characters, of which East Asian ones are two wide. */
function lengthOf(text: string): number {
  let length = 0;
  for (const character of text)
    length +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|[\u{1f300}-\u{1faff}]/u.test(
        character,
      )
        ? 2
        : 1;
  return length;
}

function cut(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (lengthOf(kept + character) > width - 1) return `${kept}…`;
    kept += character;
  }
  return kept;
}

/** A number with as many digits as there is room for: with some of them left out without a word it would be another one. */
function rounded(text: string, width: number): string {
  if (lengthOf(text) <= width || !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return cut(text, width);
  const number = Number(text);
  for (let digits = 17; digits > 0; digits -= 1) {
    const forms = [String(Number(number.toPrecision(digits))), number.toExponential(digits - 1).replace("e+", "e")];
    const fits = forms.find((form) => form.length <= width);
    if (fits !== undefined) return fits;
  }
  return "…";
}

function padded(text: string, width: number, right: boolean): string {
  const fits = right ? rounded(text, width) : cut(text, width);
  const space = " ".repeat(Math.max(0, width - lengthOf(fits)));
  return right ? space + fits : fits + space;
}
