import { expect, test } from "vitest";
import { isEntrepotError } from "../../error/index.ts";
import { pickleOf } from "./read.ts";

/** A call of one of Python's own names. */
function called(name: string, args: string): unknown {
  try {
    return pickleOf(Buffer.from(`c__builtin__\n${name}\n(${args}tR.`, "latin1"));
  } catch (error) {
    return isEntrepotError(error) ? error.code : error;
  }
}

test.each([
  ["int", "S'42'\n", 42],
  ["int", "S'-9007199254740993'\n", -9007199254740993n],
  ["int", "F1.9\n", 1],
  ["int", "F-1.9\n", -1],
  ["int", "F1e300\n", BigInt(1e300)],
  ["int", "I01\n", 1],
  ["int", "", 0],
  ["int", "S'ff'\nI16\n", "unsupported"],
  ["int", "S'ff'\n", "malformed"],
  ["int", "Fnan\n", "malformed"],
  ["int", "]", "unsupported"],
  ["long", "S'7'\n", 7],
  ["float", "S'1.5'\n", 1.5],
  ["float", "S'-Infinity'\n", -Infinity],
  ["float", "I3\n", 3],
  ["float", "S'x'\n", "malformed"],
  ["bool", "I5\n", true],
  ["bool", "I0\n", false],
  ["bool", "S''\n", false],
  ["bool", "N", false],
  ["bool", "Fnan\n", true],
  ["bool", "]", "unsupported"],
  ["str", "S'a'\n", "a"],
  ["str", "", ""],
  ["str", "I5\n", "unsupported"],
  ["unicode", "S'a'\n", "a"],
])("%s(%j) is what Python makes of it, or is refused", (name, args, expected) => {
  expect(called(name, args)).toEqual(expected);
});
