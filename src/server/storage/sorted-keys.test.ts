import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKeys } from "./key-order.ts";
import { SortedKeys } from "./sorted-keys.ts";

/** Few enough that keys meet again; chunks so small that they split and merge all the time. */
const key = fc
  .tuple(fc.nat({ max: 59 }), fc.constantFrom("", "/", "é", "\ue000", "😀"))
  .map(([n, end]) => `${n}${end}`);
const chunkKeys = fc.constantFrom(2, 3, 4, 7, 8);

function plain(keys: Iterable<string>): readonly string[] {
  return [...new Set(keys)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

test("keys that come and go in any order stand where a plain sorted array has them", () => {
  const change = fc.record({ adds: fc.boolean(), key });
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 60 }),
      fc.array(change, { minLength: 1, maxLength: 200, size: "max" }),
      chunkKeys,
      (first, changes, size) => {
        const expected = new Set(first);
        const keys = new SortedKeys(first, size);
        for (const { adds, key: one } of changes) {
          if (adds) keys.add(one);
          else keys.delete(one);
          if (adds) expected.add(one);
          else expected.delete(one);
          expect(keys.size).toBe(expected.size);
        }
        expect([...keys]).toEqual(plain(expected));
      },
    ),
    { numRuns: 300, endOnFailure: true },
  );
});

test("a cursor steps and skips like an index into a plain sorted array", () => {
  const moves = fc.array(fc.oneof(fc.constant("step" as const), key), { maxLength: 30, size: "max" });
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { maxLength: 80, size: "max" }),
      key,
      moves,
      chunkKeys,
      (some, start, then, size) => {
        const sorted = plain(some);
        const behind = (from: string) => (one: string | undefined) => one === undefined || compareKeys(one, from) > 0;
        const cursor = new SortedKeys(some, size).from(behind(start));
        const rest = [...sorted.filter(behind(start))];
        for (const move of then) {
          expect(cursor.key).toBe(rest[0]);
          if (move === "step") {
            cursor.step();
            rest.shift();
          } else {
            cursor.skipTo(behind(move));
            while (!behind(move)(rest[0])) rest.shift();
          }
        }
        expect(cursor.key).toBe(rest[0]);
      },
    ),
    { numRuns: 500, endOnFailure: true },
  );
});

test("everything that was added can be deleted again, from either end or from the middle", () => {
  const all = Array.from({ length: 3000 }, (_, n) => String(n).padStart(5, "0"));
  const middle = all.toSorted((a, b) => Math.abs(Number(a) - 1500) - Math.abs(Number(b) - 1500));
  for (const order of [all, all.toReversed(), middle]) {
    const keys = new SortedKeys();
    for (const one of order) keys.add(one);
    expect([...keys]).toEqual(all);
    for (const one of order) keys.delete(one);
    expect([...keys]).toEqual([]);
    keys.add("again");
    expect([...keys]).toEqual(["again"]);
    expect(keys.from(() => true).key).toBe("again");
  }
});
