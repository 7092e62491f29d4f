import { expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";

const breaks = " \t\n\"'@><=;|&(:";

test.each([
  ["entrepot ", ["entrepot"], "", "", 0],
  ["entrepot c", ["entrepot"], "c", "", 0],
  ["entrepot cp s3://b/k", ["entrepot", "cp"], "s3://b/k", "", 3],
  ["entrepot cp --sse=aws:k", ["entrepot", "cp"], "--sse=aws:k", "", 10],
  ["entrepot cp a\\ b\\:c", ["entrepot", "cp"], "a b:c", "", 0],
  ['entrepot cp "s3://b/a b', ["entrepot", "cp"], "s3://b/a b", '"', 0],
  ["entrepot cp 's3://b/a\"b", ["entrepot", "cp"], 's3://b/a"b', "'", 0],
  ['entrepot cp s3://"b/a', ["entrepot", "cp"], "s3://b/a", '"', 5],
  ['entrepot cp "s3://b/"x', ["entrepot", "cp"], "s3://b/x", "", 0],
  ['entrepot cp "a\\$b\\x', ["entrepot", "cp"], "a$b\\x", '"', 0],
  ["entrepot cp $'a\\n\\303\\251\\u00e9\\x41\\'' b", ["entrepot", "cp", "a\néé\u0041'"], "b", "", 0],
  ["entrepot cp s3://b/$'\\n", ["entrepot", "cp"], "s3://b/\n", "$'", 7],
  ["entrepot cp a\\", ["entrepot", "cp"], "a", "", 0],
  ["entrepot ls >out.txt ", ["entrepot", "ls"], "", "", 0],
  ["entrepot ls '' x", ["entrepot", "ls", ""], "x", "", 0],
] as const)("%s", (line, words, current, open, kept) => {
  expect(parseCommandLine(line, breaks)).toEqual({ words, current, open, kept });
});

test("no line is too strange to be read", () => {
  const pieces = ["'", '"', "\\", "$'", "$", "a", " ", "\n", ":", "\\x", ">", "é", "\\u{", "\0"];
  for (const one of pieces)
    for (const two of pieces)
      for (const three of pieces) expect(() => parseCommandLine(`entrepot ${one}${two}${three}`, breaks)).not.toThrow();
});
