import { expect, test } from "vitest";
import { parseFishWord } from "./fish-word.ts";

test.each([
  ["s3://b/k", "s3://b/k"],
  ["s3://b/a\\ b\\$c", "s3://b/a b$c"],
  ["'s3://b/a\\b\\'c", "s3://b/a\\b'c"],
  ['"s3://b/a\\$b\\n', "s3://b/a$b\\n"],
  ["a\\n'b'\"c\"", "a\nbc"],
  ["a\\", "a"],
])("%s means %j", (raw, meant) => {
  expect(parseFishWord(raw)).toBe(meant);
});
