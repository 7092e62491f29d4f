import { expect, test } from "vitest";
import { cursorOf, placeOf } from "./cursor.ts";
import { isUnfit } from "./unfit.ts";

test("a cursor holds its place", () => {
  expect(placeOf(cursorOf([7]), 0)).toEqual([7]);
  expect(placeOf(cursorOf([0, "größe/a b.csv"]), 1)).toEqual([0, "größe/a b.csv"]);
});

test.each([
  "",
  "x",
  "%",
  cursorOf([]),
  cursorOf(["1", "a"]),
  cursorOf([1]),
  cursorOf([1, 2]),
  cursorOf([1.5, "a"]),
  cursorOf([2 ** 40, "a"]),
  Buffer.from("null").toString("base64url"),
])("what is no cursor of the list is refused: %j", (cursor) => {
  expect(() => placeOf(cursor, 1)).toThrow(expect.toSatisfy(isUnfit));
});
