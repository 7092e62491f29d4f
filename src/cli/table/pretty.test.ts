import { expect, test } from "vitest";
import { prettyLines } from "./pretty.ts";

const column = (name: string, cells: readonly string[], right = false) => ({ name, type: "t", right, cells });

test("columns are aligned, numbers at the right", () => {
  expect(prettyLines([column("id", ["1", "100"], true), column("name", ["ab", "–"])], 80)).toEqual([
    " id  name",
    "  t  t",
    "───  ────",
    "  1  ab",
    "100  –",
  ]);
});

test("no line is wider than the terminal: cells are cut first, columns left out last, and named", () => {
  const wide = Array.from({ length: 30 }, (_, index) =>
    column(`column ${index}`, ["x".repeat(100), "日本".repeat(30)]),
  );
  for (const width of [20, 40, 80, 200]) {
    const lines = prettyLines(wide, width);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
    expect(lines.at(-1)).toMatch(/^… and \d+ columns mo/);
  }
});

test("a number that is too wide is rounded, never cut", () => {
  const numbers = ["7.712083796018732e-7", "-123456.789012345", "9007199254740993", "-1.2345e-300", "inf"];
  const cells = (width: number) => {
    const lines = prettyLines([column("n", numbers, true), column("text", ["x".repeat(width)])], width);
    return lines.slice(3).map((line) => line.trim().split(/ +/)[0]);
  };
  expect(cells(20)).toEqual(["7.712e-7", "-123457", "9.007e15", "-1e-300", "inf"]);
});
