import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKeys } from "../storage/key-order.ts";
import { type KeyCursor, type KeysInOrder, SortedKeys } from "../storage/sorted-keys.ts";
import { formatToken, parseToken } from "./continuation-token.ts";
import { type ListedItem, listPage, type Position } from "./listing.ts";

const letter = fc.constantFrom("a", "b", "/", "//", "é", "😀", "\u{1}");
const keysOf = fc.uniqueArray(fc.string({ unit: letter, minLength: 1, maxLength: 6 }), { maxLength: 30 });

/** What a listing is, said without any cleverness. */
function everything(keys: readonly string[], prefix: string, delimiter: string, startAfter: string): string[] {
  const items = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix) || compareKeys(key, startAfter) <= 0) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    items.add(cut < 0 ? `key ${key}` : `prefix ${key.slice(0, cut + delimiter.length)}`);
  }
  return [...items];
}

test("the pages of a listing are the listing, without a repetition, however long they are", () => {
  fc.assert(
    fc.property(
      keysOf,
      fc.constantFrom("", "a", "a/", "/", "é"),
      fc.constantFrom("", "/", "b", "//"),
      fc.integer({ min: 1, max: 5 }),
      fc.string({ unit: letter, maxLength: 3 }),
      (unsorted, prefix, delimiter, limit, startAfter) => {
        const keys = unsorted.toSorted(compareKeys);
        const items: ListedItem[] = [];
        let after: Position | undefined = startAfter === "" ? undefined : { key: startAfter };
        let pages = 0;
        do {
          const page = listPage(new SortedKeys(keys), { prefix, delimiter, after, limit });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          items.push(...page.items);
          after = page.next === undefined ? undefined : parseToken(formatToken(page.next));
          pages += 1;
        } while (after !== undefined);
        const expected = everything(keys, prefix, delimiter, startAfter);
        expect(items.map(({ kind, text }) => `${kind} ${text}`)).toEqual(expected);
        expect(pages).toBe(Math.max(1, Math.ceil(expected.length / limit)));
      },
    ),
    { numRuns: 500 },
  );
});

test("a limit of zero asks for nothing, and there is no more", () => {
  expect(listPage(new SortedKeys(["a"]), { prefix: "", delimiter: "", after: undefined, limit: 0 })).toEqual({
    items: [],
    next: undefined,
  });
});

test("a page costs its length, not the bucket's", () => {
  const keys = new SortedKeys(Array.from({ length: 100_000 }, (_, n) => `folder${String(n).padStart(6, "0")}/file`));
  let looks = 0;
  const page = listPage(
    counted(keys, () => {
      looks += 1;
    }),
    { prefix: "", delimiter: "/", after: { key: "folder050000/" }, limit: 10 },
  );
  expect(page.items[0]).toEqual({ kind: "prefix", text: "folder050000/" });
  expect(looks).toBeGreaterThan(10);
  expect(looks).toBeLessThan(400);
});

/** Keys that tell of each that is looked at. */
function counted(keys: KeysInOrder, look: () => void): KeysInOrder {
  const watched = (isAfter: (key: string) => boolean) => (key: string) => {
    look();
    return isAfter(key);
  };
  const cursorOf = (cursor: KeyCursor): KeyCursor => ({
    get key() {
      look();
      return cursor.key;
    },
    step: () => cursor.step(),
    skipTo: (isAfter) => cursor.skipTo(watched(isAfter)),
  });
  return {
    size: keys.size,
    from: (isAfter) => cursorOf(keys.from(watched(isAfter))),
    [Symbol.iterator]: () => {
      throw new Error("all of them were asked for");
    },
  };
}

test.each(["", "x", "eyJrZXkiOiJhIn0=", "AAAA"])("the token %j was not made here", (token) => {
  expect(() => parseToken(token)).toThrow(expect.objectContaining({ code: "InvalidArgument" }));
});
