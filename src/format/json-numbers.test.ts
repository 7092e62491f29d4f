import { expect, test } from "vitest";
import { deepestJson, exactJsonOf, isDeeper, lostNumberOf } from "./json-numbers.ts";

test.each([
  ["12345678901234567890", { path: "", written: "12345678901234567890" }],
  ['{"options":{"y":12345678901234567890}}', { path: "options.y", written: "12345678901234567890" }],
  ['{"a":1,"b":[0,{"c d":-9007199254740993}]}', { path: "b[1].c d", written: "-9007199254740993" }],
  ['{"a\\"":"\\\\","b":1e999}', { path: "b", written: "1e999" }],
  ["[-1e400]", { path: "[0]", written: "-1e400" }],
] as const)("of %s one number would become another", (text, lost) => {
  expect(lostNumberOf(text)).toEqual(lost);
  expect(() => exactJsonOf(text)).toThrow(expect.objectContaining({ code: "malformed" }));
});

test.each([
  "9007199254740991",
  "-9007199254740992",
  '"12345678901234567890"',
  '{"12345678901234567890":"a\\"12345678901234567890"}',
  "0.1234567890123456789",
  "1e300",
  "-0",
  // what JSON.stringify makes of large numbers
  JSON.stringify([1e20, 2 ** 60, 123_456_789_012_345_680_000, Number.MAX_VALUE, Number.MIN_VALUE]),
])("%s is read as it is", (text) => {
  expect(lostNumberOf(text)).toBeUndefined();
  expect(exactJsonOf(text)).toEqual(JSON.parse(text));
});

test("what is nested very deep is refused, and so is a value that holds itself", () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  expect(() => exactJsonOf(nested(100_000))).toThrow(expect.objectContaining({ code: "malformed" }));
  expect(exactJsonOf(nested(deepestJson))).toBeTypeOf("object");
  const own: Record<string, unknown> = {};
  own["own"] = own;
  expect(isDeeper(own, deepestJson)).toBe(true);
});

test("a text that is no JSON is told as that, and a long one is no trouble", () => {
  expect(() => exactJsonOf("[12345678901234567890")).toThrow(/not JSON/);
  expect(lostNumberOf(JSON.stringify("\\".repeat(5_000_000)))).toBeUndefined();
});
