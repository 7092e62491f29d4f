import { expect, test } from "vitest";
import { formatGrid, parseGrid } from "./csv.ts";

test.each([
  "a,b\n1,2\n",
  "a,b\r\n1,2",
  '\ufeffa,b\n"x,y","say ""hi"""\n',
  "a\n",
  "a,\n1,\n",
  "a,b\n,\n",
  'a,"two\nlines"\n1,2\n',
  "",
])("what nobody touched is what it was: %j", (text) => {
  const grid = parseGrid(text);
  expect(grid && formatGrid(grid)).toBe(text);
});

test("cells are what they mean", () => {
  expect(parseGrid('a,b,\n"1,5","x""y",z\n')?.rows).toEqual([
    ["a", "b", ""],
    ["1,5", 'x"y', "z"],
  ]);
});

test.each(["a,b\n1\n", 'a\n"b', 'a\n"b"c\n', `${"x,".repeat(3_000)}\n${"x,".repeat(3_000)}`])(
  "what is no grid is text: %#",
  (text) => {
    expect(parseGrid(text)).toBeUndefined();
  },
);
