import { expect, it } from "vitest";
import { errorMeanings } from "../error/index.ts";
import { exitCodeOf, exitCodeOfAll, exitMeanings } from "./exit-codes.ts";

it("every error has an exit code that help explains", () => {
  const explained = exitMeanings.map(({ code }) => code);
  for (const code of Object.keys(errorMeanings) as (keyof typeof errorMeanings)[]) {
    expect(explained).toContain(exitCodeOf(code));
    expect(exitCodeOf(code)).not.toBe(0);
  }
});

it.each([
  ["not-found", 3],
  ["forbidden", 4],
  ["unauthenticated", 4],
  ["unreachable", 5],
  ["timeout", 5],
  ["not-cached", 5],
  ["precondition-failed", 6],
  ["already-exists", 6],
  ["invalid-address", 2],
  ["misconfigured", 2],
  ["integrity", 1],
  ["no-space", 1],
] as const)("%s ends with %i", (code, exitCode) => {
  expect(exitCodeOf(code)).toBe(exitCode);
});

it.each([
  [[], 0],
  [[3], 3],
  [[3, 3], 3],
  [[3, 4], 1],
] as const)("failures %j together end with %i", (codes, together) => {
  expect(exitCodeOfAll(codes)).toBe(together);
});
