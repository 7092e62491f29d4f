import { expect, test } from "vitest";
import type { DeleteMarker } from "../storage/records.ts";
import { SortedKeys } from "../storage/sorted-keys.ts";
import { listVersions, type VersionItem, type VersionsQuestion } from "./version-listing.ts";

const marker = (key: string, sequence: number): DeleteMarker => ({ key, sequence, modifiedMs: 0, deleteMarker: true });
const shown = (item: VersionItem) =>
  "prefix" in item ? item.prefix : `${item.version.key}${item.version.sequence}${item.isLatest ? "*" : ""}`;
const question: VersionsQuestion = { prefix: "", delimiter: "", after: undefined, rest: undefined, limit: 1000 };

/** So many versions of each key. */
function source(shownKeys: Readonly<Record<string, number>>, hidden: Readonly<Record<string, number>> = {}) {
  const counts = new Map(Object.entries({ ...shownKeys, ...hidden }));
  let looked = 0;
  return {
    keys: new SortedKeys(Object.keys(shownKeys)),
    hiddenKeys: new SortedKeys(Object.keys(hidden)),
    versions: (key: string) => {
      looked += 1;
      return Array.from({ length: counts.get(key) ?? 0 }, (_, i) => marker(key, i + 1));
    },
    looked: () => looked,
  };
}

test("a page ends where it is full, in the middle of a key, too", () => {
  const from = source({ a: 2, c: 1 }, { b: 2 });
  const all = ["a2*", "a1", "b2*", "b1", "c1*"];
  for (let limit = 1; limit <= 6; limit += 1) {
    const page = listVersions(from, { ...question, limit });
    expect([page.items.map(shown), page.isTruncated]).toEqual([all.slice(0, limit), limit < all.length]);
  }
  expect(listVersions(from, { ...question, limit: 0 })).toEqual({ items: [], isTruncated: false });
});

test("what is left of one key comes before those behind it, never as the latest unless it is", () => {
  const from = source({ a: 3, b: 1 });
  const rest = (olderThan: number) =>
    listVersions(from, { ...question, after: { key: "a" }, rest: { key: "a", olderThan } }).items.map(shown);
  expect(rest(3)).toEqual(["a2", "a1", "b1*"]);
  expect(rest(1)).toEqual(["b1*"]);
  expect(rest(9)).toEqual(["a3*", "a2", "a1", "b1*"]);
});

test("a page looks at no more keys than it shows", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, 1]));
  const from = source({}, many);
  expect(listVersions(from, { ...question, limit: 10 }).items).toHaveLength(10);
  expect(from.looked()).toBeLessThanOrEqual(11);
});
