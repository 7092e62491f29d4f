import { describe, expect, test } from "vitest";
import { assertWithinLimit, checkDeleteLimit, mayRemoveAll } from "./delete-limit.ts";
import type { DeleteLimit } from "./types.ts";

const refused = (removals: number, targetObjects: number, limit?: DeleteLimit): boolean => {
  try {
    assertWithinLimit({ removals, targetObjects }, limit, "s3://b/");
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: "limit-exceeded", uri: "s3://b/", hint: expect.stringContaining("nothing") });
    return true;
  }
};

describe("what may be removed", () => {
  test.each<[number, number, DeleteLimit | undefined, boolean]>([
    [0, 0, undefined, false],
    [10, 10, undefined, false],
    [11, 11, undefined, true],
    [11, 22, undefined, false],
    [11, 21, undefined, true],
    [500, 1_000, undefined, false],
    [501, 1_000, undefined, true],
    [1_000, 1_000, "100%", false],
    [91, 100, "90%", true],
    [90, 100, "90%", false],
    [3, 4, "50%", true],
    [1, 1_000, "0%", true],
    [0, 1_000, 0, false],
    [1, 1_000, 0, true],
    [7, 7, 7, false],
    [8, 1_000, 7, true],
  ])("of a target: %i of %i, with the limit %s, is refused: %s", (removals, targetObjects, limit, expected) => {
    expect(refused(removals, targetObjects, limit)).toBe(expected);
  });

  test("is said with both numbers, and with the limit that was given", () => {
    expect(() => assertWithinLimit({ removals: 40, targetObjects: 50 }, undefined, "s3://b/x/")).toThrow(
      "40 of the 50 objects in s3://b/x/ would be removed, more than half",
    );
    expect(() => assertWithinLimit({ removals: 40, targetObjects: 50 }, 7, "s3://b/x/")).toThrow(/more than 7$/);
    expect(() => assertWithinLimit({ removals: 40, targetObjects: 50 }, "60%", "s3://b/x/")).toThrow(/more than 60%$/);
  });
});

test.each([-1, 1.5, Number.NaN, "101%", "50", "many", "-5%", "%"])("%s is no limit", (limit) => {
  expect(() => checkDeleteLimit(limit as never)).toThrow(RangeError);
});

test("only 100% lets everything go", () => {
  expect([undefined, 1e9, "99.9%", "100%"].map((limit) => mayRemoveAll(limit as DeleteLimit))).toEqual([
    false,
    false,
    false,
    true,
  ]);
});
