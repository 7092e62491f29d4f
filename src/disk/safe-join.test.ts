import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostile } from "../../tests/hostile-inputs.ts";
import { isEntrepotError } from "../error/index.ts";
import { hostileKeys } from "../testing/index.ts";
import { safeJoin } from "./safe-join.ts";

const unsafe = [
  "../x",
  "a/../../b",
  "..",
  "/etc/passwd",
  "/lead",
  "..\\x",
  "a\\..\\..\\b",
  "\\x",
  "C:\\x",
  "\\\\srv\\s\\x",
];
const unrepresentable = ["", ".", "./x", "a/./b", "a//b", "a/", "a/..", "a/../b", "\ud800", "a\udfffb"];
const ordinary = [
  "a",
  "a/b.csv",
  "a:b",
  "C:x",
  "..a",
  "a..",
  "...",
  "~",
  "a\\b",
  "%2e%2e/x",
  "\uff0e\uff0e/x",
  "-rf",
  "trail ",
];

test.each(unsafe)("%j would leave its folder: unsafe-key", (key) => {
  expect(codeOf(key)).toBe("unsafe-key");
});

test.each(unrepresentable)("no file can be called %j: unrepresentable-name", (key) => {
  expect(codeOf(key)).toBe("unrepresentable-name");
});

test.each(ordinary)("%j is the name of a file below the root, unchanged", (key) => {
  expect(safeJoin("/root", key)).toBe(`/root/${key}`);
});

test("a NUL character is unsafe wherever it stands", () => {
  expect(codeOf("\0")).toBe("unsafe-key");
  expect(codeOf("a/b\0.csv")).toBe("unsafe-key");
});

test("a sibling whose name begins like the root is outside", () => {
  expect(codeOf("../root-evil/x")).toBe("unsafe-key");
});

test("segments hold 255 bytes and paths 4,095, counted in UTF-8", () => {
  expect(codeOf("s".repeat(255))).toBeUndefined();
  expect(codeOf("s".repeat(256))).toBe("unrepresentable-name");
  expect(codeOf("\u20ac".repeat(85))).toBeUndefined();
  expect(codeOf("\u20ac".repeat(86))).toBe("unrepresentable-name");
  expect(codeOf("d/".repeat(2044).concat("x"))).toBeUndefined();
  expect(codeOf("d/".repeat(2045).concat("x"))).toBe("unrepresentable-name");
});

test("a key joins below a root that is the root of the disk", () => {
  expect(safeJoin("/", "etc/x")).toBe("/etc/x");
  expect(codeOf("a//b", "/")).toBe("unrepresentable-name");
});

describe("whatever the key", () => {
  const segment = fc.oneof(
    fc.constantFrom("..", ".", "", "\\", "..\\", "C:", "\\\\", "\0", "a", "\u201b", "\ud800", "%2e%2e"),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  const key = fc
    .array(segment, { minLength: 1, maxLength: 6 })
    .chain((segments) => fc.constantFrom("/", "\\", "//").map((separator) => segments.join(separator)));

  test("the path lies below the root and leads back to the key, or the error is typed", () => {
    fc.assert(
      fc.property(key, (text) => {
        const path = joined(text);
        if (path === undefined) return;
        expect(path.startsWith("/srv/root/")).toBe(true);
        expect(posix.normalize(path)).toBe(path);
        expect(path.slice("/srv/root/".length)).toBe(text);
      }),
      { numRuns: 20_000 },
    );
  });

  test("every published hostile key is one or the other", () => {
    for (const text of hostileKeys) expect(joined(text) ?? `/srv/root/${text}`).toBe(`/srv/root/${text}`);
  });

  test("so is every key of the reference list", () => {
    expect(hostile.keys.length).toBeGreaterThan(50);
    for (const text of hostile.keys) expect(joined(text) ?? `/srv/root/${text}`).toBe(`/srv/root/${text}`);
  });
});

function joined(key: string): string | undefined {
  return codeOf(key, "/srv/root") === undefined ? safeJoin("/srv/root", key) : undefined;
}

function codeOf(key: string, root = "/root"): string | undefined {
  try {
    safeJoin(root, key);
    return undefined;
  } catch (error) {
    if (isEntrepotError(error)) return error.code;
    throw error;
  }
}
