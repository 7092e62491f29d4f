import { expect, test } from "vitest";
import { linearMatcher } from "./linear-matcher.ts";

test.each([
  [/\.csv$/, "a/b.csv", true],
  [/2024.*\.csv$/, "x/2024/a.csv", true],
  [/^A/i, "abc", true],
  [/^b$/m, "a\nb", true],
  [/\d{4}/, "12a4", false],
  [/\u00e9/, "é", true],
  [/\p{L}+/u, "é", true],
])("%s on %j is %s", async (pattern, text, found) => {
  expect((await linearMatcher(pattern))(text)).toBe(found);
});

test.each([/(?=x)y/, /(a)\1/, /(?<!a)b/])(
  "%s is refused, because it cannot be matched in linear time",
  async (pattern) => {
    await expect(linearMatcher(pattern)).rejects.toThrow(TypeError);
  },
);

test("a pattern that would take V8 ages ends at once", async () => {
  expect((await linearMatcher(/(a+)+$/))(`${"a".repeat(2_000)}!`)).toBe(false);
});
