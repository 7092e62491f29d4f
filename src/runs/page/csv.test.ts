import fc from "fast-check";
import { expect, test } from "vitest";
import { formatGrid, type Grid, parseGrid, withCell, withNewRow, withoutRow } from "./csv.ts";

test.each([
  "a,b\n1,2\n",
  "a,b\r\n1,2",
  'a,b\r\n1,2\n"3",4\r\n',
  '\ufeffa,b\n"x,y","say ""hi"""\n',
  '"a","b"\n"",\n',
  "a\n",
  "a,\n1,\n",
  "a,b\n,\n",
  'a,"two\r\nlines"\n1,2\n',
  "",
  "\ufeff",
  "\n",
  '""',
])("what nobody touched is what it was: %j", (text) => {
  const grid = parseGrid(text);
  expect(grid && formatGrid(grid)).toBe(text);
});

test("cells are what they mean", () => {
  expect(texts(parseGrid('a,b,\n"1,5","x""y",z\n'))).toEqual([
    ["a", "b", ""],
    ["1,5", 'x"y', "z"],
  ]);
});

test.each(["a,b\n1\n", 'a\n"b', 'a\n"b"c\n', "a\rb", `${"x,".repeat(3_000)}\n${"x,".repeat(3_000)}`])(
  "what is no grid is text: %#",
  (text) => {
    expect(parseGrid(text)).toBeUndefined();
  },
);

/** Files as programs write them and as none should: each cell in quotes or not, each line with an end of its own. */
const plain = fc.string({ unit: fc.constantFrom("a", "7", " ", ".", "ö", "'", ";", "\t", "\ufeff", "😀") });
const inQuotes = fc
  .string({ unit: fc.constantFrom("a", ",", '""', "\n", "\r\n", "\r", " ", "ß") })
  .map((text) => `"${text}"`);
const file = fc
  .record({
    mark: fc.constantFrom("", "\ufeff"),
    width: fc.integer({ min: 1, max: 5 }),
    lines: fc.array(
      fc.record({
        cells: fc.array(fc.oneof(plain, inQuotes), { minLength: 5, maxLength: 5 }),
        end: fc.constantFrom("\n", "\r\n"),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    hasLastEnd: fc.boolean(),
  })
  .map(({ mark, width, lines, hasLastEnd }) => {
    const rows = lines.map(({ cells, end }) => ({ raw: cells.slice(0, width), end }));
    const last = rows.at(-1);
    // without an end, an empty line is none
    if (!hasLastEnd && last !== undefined && last.raw.join("") !== "") last.end = "" as never;
    return { rows, mark };
  })
  .filter(({ rows, mark }) => mark !== "" || !written(rows).startsWith("\ufeff"));

test("whatever a file looks like, what nobody touched keeps every byte", () => {
  fc.assert(
    fc.property(file, ({ rows, mark }) => {
      const text = mark + written(rows);
      expect(formatGrid(gridOf(text))).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});

test("a cell that is changed changes its own bytes only, and a change that is taken back none", () => {
  fc.assert(
    fc.property(
      file,
      fc.nat(),
      fc.nat(),
      fc.constantFrom("x", "", '1,5 "x"', "two\nlines"),
      (given, one, other, value) => {
        const text = given.mark + written(given.rows);
        const grid = gridOf(text);
        const at = one % grid.rows.length;
        const column = other % (grid.rows[0]?.cells.length ?? 1);
        const before = grid.rows[at]?.cells[column]?.text ?? "";
        const changed = withCell(grid, at, column, value);
        expect(formatGrid(withCell(changed, at, column, before))).toBe(text);
        const raws = given.rows.map(({ raw, end }) => ({ raw: [...raw], end }));
        const isQuoted = raws[at]?.raw[column]?.startsWith('"') === true || /[",\n]/.test(value);
        const own = raws[at]?.raw as string[];
        own[column] = isQuoted ? `"${value.replaceAll('"', '""')}"` : value;
        // an empty last line is none
        if (own.join(",") === "" && String(raws[at]?.end) === "" && raws.length > 1) own[column] = '""';
        expect(formatGrid(changed)).toBe(given.mark + written(raws));
        expect(texts(parseGrid(formatGrid(changed)))).toEqual(texts(changed));
      },
    ),
    { numRuns: 1_000 },
  );
});

test("a row that is added and taken out again leaves nothing", () => {
  fc.assert(
    fc.property(file, ({ rows, mark }) => {
      const text = mark + written(rows);
      const grid = gridOf(text);
      const more = withNewRow(grid);
      expect(texts(parseGrid(formatGrid(more)))).toEqual(texts(more));
      expect(formatGrid(more).endsWith("\n")).toBe(text.endsWith("\n"));
      expect(formatGrid(withoutRow(more, grid.rows.length))).toBe(text);
    }),
  );
});

test.each([
  ["a\n1\n2\n", 1, "a\n2\n"],
  ["a\r\n1\r\n2", 2, "a\r\n1"],
  ["a\r\n1\n2\n", 0, "1\n2\n"],
])("of %j without row %i is left %j", (text, at, left) => {
  expect(formatGrid(withoutRow(gridOf(text), at))).toBe(left);
});

function written(rows: readonly { readonly raw: readonly string[]; readonly end: string }[]): string {
  return rows.map(({ raw, end }) => raw.join(",") + end).join("");
}

function gridOf(text: string): Grid {
  const grid = parseGrid(text);
  if (grid === undefined) throw new Error(`no grid: ${JSON.stringify(text)}`);
  return grid;
}

function texts(grid: Grid | undefined): readonly (readonly string[])[] | undefined {
  return grid?.rows.map(({ cells }) => cells.map(({ text }) => text));
}
