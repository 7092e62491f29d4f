import { expect, test } from "vitest";
import { testOf } from "./where-option.ts";

test.each([
  ["id>=5", { id: { gte: 5 } }],
  ["a == 9007199254740993", { a: { eq: 9007199254740993n } }],
  ['name="x and y=z"', { name: { eq: "x and y=z" } }],
  ["name=salt and pepper", { name: { eq: "salt and pepper" } }],
  ["a!=null", { a: { ne: null } }],
  ["b=true", { b: { eq: true } }],
])("%s", (given, where) => {
  expect(testOf(given)).toEqual(where);
});

test.each([
  ["a<>0", /write a!=0/],
  ["a > 5 and a < 7", /give --where again/],
  ["a=1 or b=2", /one test/],
  ["a is not null", /a!=null/],
  ["amount", /expected a test/],
  ["a=", /expected a test/],
])("%s is a mistake that says what to write", (given, message) => {
  expect(() => testOf(given)).toThrow(message);
});
