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

test.each([
  ['{\n  "a": oh\n}', '"o" is not expected there, line 2, column 8'],
  ['{\n  "a": 1,', "it ends too soon, line 2, column 10"],
  ['{ "a": 1, }', '"}" is not expected there, line 1, column 11'],
  ["{ a: 1 }", '"a" is not expected there, line 1, column 3'],
  ['{ "a" 1 }', '"1" is not expected there, line 1, column 7'],
  ['{ "a": 01 }', '"0" is not expected there, line 1, column 8'],
  ['{ "a": [1, [], {}, ], "b": 2 }', '"]" is not expected there, line 1, column 20'],
  ["{} {}", '"{" is not expected there, line 1, column 4'],
  ["{ 'a': 1 }", '"\'" is not expected there, line 1, column 3'],
  ['{ "a": "x', '"\\"" is not expected there, line 1, column 8'],
])("a mistake in JSON is told with its line and column: %j", (text, why) => {
  expect(optionsMistake(text)).toBe(`Options: not JSON: ${why}`);
  expect(jsonMistake(text)).toBe(`This is no JSON yet: ${why}`);
});
