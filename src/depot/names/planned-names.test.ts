import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareKeys } from "../../uri/index.ts";
import { foldName, HashedNames, OrderedNames, type PlannedNames } from "./planned-names.ts";

/** The keys below which a folder would have the name of a file. */
function clashing(names: PlannedNames, keys: readonly string[]): string[] {
  return keys.filter((key) => {
    names.begin(key, key);
    const segments = key.split("/");
    const claims = segments.map((_, index) => {
      const path = segments.slice(0, index + 1).join("/");
      return names.claim(path, path, index < segments.length - 1);
    });
    return claims.some((claim) => claim !== "free");
  });
}

test("a file beside a folder is found although keys come between the two", () => {
  const keys = ["a", "a!", "a!!/x", "a-b", "a.csv", "a/b", "a/b/c", "a0", "b"];
  expect(clashing(new OrderedNames(), keys)).toEqual(["a/b", "a/b/c"]);
  expect(clashing(new OrderedNames(), ["a", "a/", "b/", "b/c"])).toEqual(["a/"]);
});

test("in any order, the later one is found", () => {
  expect(clashing(new HashedNames(false), ["a/b", "x", "a"])).toEqual(["a"]);
  expect(clashing(new HashedNames(false), ["x", "x"])).toEqual(["x"]);
});

test("on ordered keys both find the same, whatever the keys", () => {
  const key = fc
    .array(fc.constantFrom("a", "b", "/", "!", "-", "0", "ä", "\u{10000}"), { minLength: 1, maxLength: 6 })
    .map((pieces) => pieces.join(""))
    .filter((text) => !/^\/|\/\/|\/$/.test(text));
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 30 }), (keys) => {
      const ordered = [...keys].sort(compareKeys);
      expect(clashing(new OrderedNames(), ordered)).toEqual(clashing(new HashedNames(false), ordered));
    }),
    { numRuns: 2_000 },
  );
});

describe("a disk that is blind to case", () => {
  test.each([
    ["Data.csv", "data.csv"],
    ["\u00e9", "e\u0301"],
    ["stra\u00dfe", "STRASSE"],
    ["\ufb00", "ff"],
    ["\u03a3\u03a3", "\u03c3\u03c2"],
  ])("takes %s for %s", (one, other) => {
    expect(foldName(one)).toBe(foldName(other));
    expect(clashing(new HashedNames(true), [one, other])).toEqual([other]);
    expect(clashing(new HashedNames(true), [`${one}/1`, `${other}/2`])).toEqual([`${other}/2`]);
    expect(clashing(new HashedNames(false), [one, other])).toEqual([]);
  });

  test("takes others apart", () => {
    expect(clashing(new HashedNames(true), ["a", "b", "a b", "a_b", "c/a", "c/b"])).toEqual([]);
  });
});
