import fc from "fast-check";
import { expect, test } from "vitest";
import { bothInOrder } from "./both-in-order.ts";
import { compareKeys } from "./key-order.ts";
import { SortedKeys } from "./sorted-keys.ts";

const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "\u{1F600}", "\uFFFD"), maxLength: 4 });

test("two sets of keys are read as one, from any place, by steps and by leaps", () => {
  fc.assert(
    fc.property(fc.uniqueArray(key), fc.array(fc.boolean()), key, key, (keys, sides, from, to) => {
      const both = bothInOrder(
        new SortedKeys(keys.filter((_, i) => sides[i] !== true)),
        new SortedKeys(keys.filter((_, i) => sides[i] === true)),
      );
      const sorted = keys.toSorted(compareKeys);
      expect([[...both], both.size]).toEqual([sorted, keys.length]);
      const cursor = both.from((one) => compareKeys(one, from) >= 0);
      expect(cursor.key).toBe(sorted.find((one) => compareKeys(one, from) >= 0));
      if (cursor.key !== undefined) cursor.step();
      const rest = sorted.filter((one) => compareKeys(one, from) >= 0).slice(1);
      expect(cursor.key).toBe(rest[0]);
      cursor.skipTo((one) => compareKeys(one, to) > 0);
      expect(cursor.key).toBe(rest.find((one) => compareKeys(one, to) > 0));
    }),
  );
});
