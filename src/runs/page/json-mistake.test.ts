import { expect, test } from "vitest";
import { jsonMistake, optionsMistake } from "./json-mistake.ts";

test.each([
  ["{}", undefined],
  ['{ "a": 1 }\n', undefined],
  ["[1]", "Options are an object, {…}, not a list"],
  ["null", "Options are an object, {…}, not null"],
  ['"a"', 'Options are an object, {…}, not "a"'],
])("options are an object: %s", (text, mistake) => {
  expect(optionsMistake(text)).toBe(mistake);
});

test("a mistake in JSON is told with its line and column, also at the very end", () => {
  expect(optionsMistake('{\n  "a": oh\n}')).toMatch(/^Options: not JSON: .*line 2,? column 8/);
  expect(optionsMistake('{\n  "a": 1,')).toMatch(/^Options: not JSON: .*line 2,? column 10/);
  expect(jsonMistake("{")).toMatch(/^This is no JSON yet: .*line 1,? column 2/);
  expect(jsonMistake("[1]")).toBeUndefined();
});
