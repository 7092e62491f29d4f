import { expect, test } from "vitest";
import { parseEnvFile } from "./env-file.ts";

test.each([
  ["A=1", { A: "1" }],
  ["export A = two words # note", { A: "two words" }],
  [`A="x # y\\n"`, { A: "x # y\n" }],
  ["A='$B \\n'", { A: "$B \\n" }],
  ["# A=1\n\r\nB=", { B: "" }],
  ["\uFEFFA=1", { A: "1" }],
  ["no line", {}],
])("%j is read as dotenv reads it", (text, values) => expect({ ...parseEnvFile(text) }).toEqual(values));

test("a variable called __proto__ is a variable", () => {
  expect(Object.getPrototypeOf(parseEnvFile("__proto__=x"))).toBeNull();
  expect(Object.entries(parseEnvFile("__proto__=x"))).toEqual([["__proto__", "x"]]);
});
