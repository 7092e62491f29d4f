import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeName } from "./name-map.ts";
import { markName, withoutMarks } from "./name-marks.ts";
import { safeJoin } from "./safe-join.ts";

test("a mark stands before a name, and comes off again", () => {
  expect(markName("data.csv", 1)).toBe("\u201b~1~data.csv");
  expect(withoutMarks("a/\u201b~1~data.csv")).toBe("a/data.csv");
  expect(withoutMarks("\u201b~12~a/b/\u201b~1~c")).toBe("a/b/c");
});

test("a name that is too long with its mark lies in a folder of that mark", () => {
  const long = "x".repeat(254);
  expect(markName(long, 1)).toBe(`\u201b~1~/${long}`);
  expect(withoutMarks(`a/${markName(long, 3)}/b`)).toBe(`a/${long}/b`);
});

test("no escaped key looks marked, whatever it is", () => {
  const piece = fc.constantFrom("\u201b", "~", "1", "/", "a", "\u201b~1~", "..");
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 99 }), (pieces, count) => {
      const path = escapeName(pieces.join(""));
      expect(withoutMarks(path)).toBe(path);
      const marked = path
        .split("/")
        .map((segment) => markName(segment, count))
        .join("/");
      expect(withoutMarks(marked)).toBe(path);
      expect(safeJoin("/r", marked)).toBe(`/r/${marked}`);
    }),
    { numRuns: 2_000 },
  );
});
