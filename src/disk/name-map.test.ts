import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostile } from "../../tests/hostile-inputs.ts";
import { hostileKeys } from "../testing/index.ts";
import { escapeName, type NameRules, unescapeName } from "./name-map.ts";
import { isReservedName } from "./reserved-names.ts";
import { safeJoin } from "./safe-join.ts";

const ordinary = [
  "a",
  "a/b.csv",
  ".hidden",
  "a b",
  "a+b",
  "100%",
  "a%2Fb",
  "\u00e9",
  "\u{1f600}",
  "..a",
  "x..y",
  "-rf",
];

test.each(ordinary)("%j stays as it is", (key) => {
  expect(escapeName(key)).toBe(key);
  expect(escapeName(key, "windows")).toBe(key);
});

test.each<[key: string, rules: NameRules, path: string]>([
  ["a//b", "posix", "a/\u201be/b"],
  ["a/", "posix", "a/\u201be"],
  ["/lead", "posix", "\u201be/lead"],
  ["../x", "posix", "\u201b2E./x"],
  [".entrepot-pega/x", "posix", "\u201b2Eentrepot-pega/x"],
  ["a/.Entrepot-Pega", "posix", "a/\u201b2EEntrepot-Pega"],
  [".entrepot-pegasus", "posix", ".entrepot-pegasus"],
  ["a/./b", "posix", "a/\u201b2E/b"],
  ["a\u0000b", "posix", "a\u201b00b"],
  ["\ud800", "posix", "\u201buD800"],
  ["\u201b00", "posix", "\u201b\u201b00"],
  ["..\\x", "posix", "..\u201b5Cx"],
  ["a\\b", "posix", "a\\b"],
  ["a\\b", "windows", "a\u201b5Cb"],
  ["a:b?", "windows", "a\u201b3Ab\u201b3F"],
  ["con.txt", "windows", "\u201b63on.txt"],
  ["COM1", "windows", "\u201b43OM1"],
  ["console", "windows", "console"],
  ["trail.", "windows", "trail\u201b2E"],
  ["trail ", "windows", "trail\u201b20"],
])("%j becomes, by %s rules, %j", (key, rules, path) => {
  expect(escapeName(key, rules)).toBe(path);
  expect(unescapeName(path, rules)).toBe(key);
});

test("a segment that is too long goes on in a folder below, and comes back in one piece", () => {
  const key = `${"long".repeat(100)}/x`;
  expect(
    escapeName(key)
      .split("/")
      .every((name) => Buffer.byteLength(name) <= 255),
  ).toBe(true);
  expect(unescapeName(escapeName(key))).toBe(key);
});

test("the end of a long segment is escaped when it would mean another folder", () => {
  for (const key of [`${"s".repeat(240)}..`.padStart(482, "s"), `${"s".repeat(480)}..`, `${"s".repeat(480)}.`]) {
    expect(safeJoin("/r", escapeName(key))).toBe(`/r/${escapeName(key)}`);
    expect(unescapeName(escapeName(key))).toBe(key);
  }
});

test("a name that this map never gives has no key", () => {
  for (const path of ["\u201b", "\u201b61", "\u201bzz", "a//b", "\u201b2e", "x\u201b+"]) {
    expect(unescapeName(path), JSON.stringify(path)).toBeUndefined();
  }
});

describe.each<NameRules>(["posix", "windows"])("by %s rules, whatever the key", (rules) => {
  const piece = fc.oneof(
    fc.constantFrom(
      "..",
      ".",
      "",
      "\u201b",
      "\u201b+",
      "\u201be",
      "00",
      "u",
      "D800",
      "\ud800",
      "\\",
      "CON",
      "aux.",
      " ",
    ),
    fc.constantFrom("s".repeat(239), "\u20ac".repeat(80), ".entrepot-0123456789abcdef0123456789abcdef.tmp"),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  const key = fc
    .array(fc.tuple(piece, fc.constantFrom("/", "", "\\")), { minLength: 1, maxLength: 6 })
    .map((pieces) => pieces.flat().join(""));

  test("the path can be joined, holds no reserved name and leads back to the key", () => {
    fc.assert(
      fc.property(key, (text) => {
        const path = escapeName(text, rules);
        expect(safeJoin("/r", path)).toBe(`/r/${path}`);
        expect(path.split("/").some(isReservedName)).toBe(false);
        expect(unescapeName(path, rules)).toBe(text);
      }),
      { numRuns: 10_000 },
    );
  });

  test("every hostile key comes back, so no two get one name", () => {
    const keys = [...hostileKeys, ...hostile.keys, ...hostile.key_pairs_that_must_not_collide.flat()];
    for (const text of keys) expect(unescapeName(escapeName(text, rules), rules)).toBe(text);
  });
});
