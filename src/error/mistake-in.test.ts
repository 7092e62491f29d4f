import { expect, test } from "vitest";
import { mistakeIn } from "./mistake-in.ts";

const names = new Set(["dryRun", "match"]);

test.each([
  [{ dryrun: true }, 'copy() has no option "dryrun": did you mean dryRun?'],
  [{ match: "x", colour: 1 }, 'copy() has no option "colour": it has dryRun, match'],
  [null, "the options of copy() are an object, not null"],
  ["x", "the options of copy() are an object, not string"],
])("%j is a caller's mistake", (options, message) => {
  const mistake = mistakeIn("copy()", options, names);
  expect(mistake).toBeInstanceOf(TypeError);
  expect(mistake?.message).toBe(message);
});

test("options that there are, and none at all, are no mistake", () => {
  expect(mistakeIn("copy()", { dryRun: undefined }, names)).toBeUndefined();
  expect(mistakeIn("copy()", {}, names)).toBeUndefined();
});
