import { expect, test } from "vitest";
import { splitCommand } from "./split-command.ts";

test.each([
  ["a b  c", ["a", "b", "c"]],
  ["  a\tb\n", ["a", "b"]],
  [`"a b" 'c d'`, ["a b", "c d"]],
  [`a"b"'c'`, ["abc"]],
  [`'' ""`, ["", ""]],
  ["a\\ b", ["a b"]],
  [`"a\\"b\\\\c\\d"`, ['a"b\\c\\d']],
  [`'a\\b'`, ["a\\b"]],
  ["~/x $HOME *", ["~/x", "$HOME", "*"]],
  ["a # b", ["a", "#", "b"]],
  ["", []],
  [`a "b`, undefined],
  ["a\\", undefined],
])("%j is %j", (line, words) => expect(splitCommand(line)).toEqual(words));
