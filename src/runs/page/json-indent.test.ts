import { expect, test } from "vitest";
import { indentJson } from "./json-indent.ts";

test.each([
  {},
  [],
  "a",
  { a: [1, { b: "x, {y}: [z]" }], c: {}, d: [], 'e\\"': [null, true, [[]]] },
  [[[]], { a: { b: { c: [] } } }],
])("JSON is indented as everybody does: %j", (value) => {
  expect(indentJson(JSON.stringify(value), true)).toBe(JSON.stringify(value, null, 2));
  expect(indentJson(JSON.stringify(value, null, 7), true)).toBe(JSON.stringify(value, null, 2));
});

test("numbers keep every digit", () => {
  expect(indentJson('{"id":12345678901234567890,"x":1.0,"y":1e400}', true)).toBe(
    '{\n  "id": 12345678901234567890,\n  "x": 1.0,\n  "y": 1e400\n}',
  );
});

test("the beginning of one is indented as far as it goes, and what is none stays as it is", () => {
  expect(indentJson('{"a":[1,"tw', false)).toBe('{\n  "a": [\n    1,\n    "tw');
  expect(indentJson("{ oh", true)).toBe("{ oh");
  expect(indentJson("a, b", false)).toBe("a, b");
  expect(indentJson("[".repeat(60_000), false)).toBe("[".repeat(60_000));
});
