import { expect, test } from "vitest";
import { checkFileName, checkSegment, typeOfName } from "./names.ts";

test.each(["p1", "2024-01-01 test", "7", "Überschuss", "a.b", "_x", "モデル", "a=b+c"])("%j is a name", (name) => {
  expect(checkSegment("policy", name)).toBe(name);
});

test.each([
  "",
  ".",
  "..",
  "a/b",
  "a\\b",
  "-rf",
  " a",
  "a ",
  "a.",
  "a@b",
  "a:b",
  "a\nb",
  "a\0",
  "~",
  "x".repeat(101),
  "e\u0301",
  "\u202ea",
])("%j is no name of a model, version or policy", (name) =>
  expect(() => checkSegment("policy", name)).toThrow(RangeError),
);

test.each(["parameters.csv", "a b.json", "weights.tar.gz", "no-type", "Ü.csv", "-.csv"])(
  "%j is a name of a file",
  (name) => {
    expect(checkFileName(name)).toBe(name);
  },
);

test.each([
  ["..\\x.csv", '"..\\x.csv" is no name'],
  ["a\nb.csv", '"a\\nb.csv" is no name'],
  ["NUL.txt", '"NUL.txt" is no name'],
])("%j is no name of a file, shown as it was typed", (name, message) => {
  expect(() => checkFileName(name)).toThrow(message);
  expect(thrownBy(() => checkFileName(name))).toMatchObject({ hint: expect.stringContaining("CON or NUL.txt") });
});

test("the type of a file is what stands after its last dot", () => {
  expect(["a.CSV", "a.tar.gz", "a"].map(typeOfName)).toEqual(["csv", "gz", ""]);
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
