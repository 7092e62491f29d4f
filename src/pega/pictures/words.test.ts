import { expect, test } from "vitest";
import { asLabel, cutEnd, cutInside, markup, shownName, wrapped } from "./words.ts";

test("a name is one line of what XML can hold, in the order in which it is written", () => {
  expect(shownName("a\nb\u0007c\u202Ed\uD800e")).toBe("a b\ufffdc\ufffdd\ufffde");
  expect(shownName("信用卡 🎉")).toBe("信用卡 🎉");
  expect([shownName(null), shownName("")]).toEqual(["(none)", "(none)"]);
});

test("a long name keeps its beginning and its end", () => {
  expect(cutInside("Customer.Some.Long.Path", 11)).toBe("Custo….Path");
  expect([...shownName("🎉".repeat(300))]).toHaveLength(200);
  expect(cutEnd("abcdef", 4)).toBe("abc…");
  expect(cutEnd("abcd", 4)).toBe("abcd");
});

test("no text is read as markup or as a pattern", () => {
  expect(markup(`<a href="x">'&`)).toBe("&#60;a href=&#34;x&#34;&#62;&#39;&#38;");
  expect(asLabel("{b}")).not.toContain("{b}");
});

test("no name is one that every object has", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    expect(shownName(name)).not.toBe(name);
    expect(shownName(name).startsWith(name)).toBe(true);
  }
});

test("what is too long for a line goes on in the next, by words, and is cut after the last", () => {
  expect(wrapped("short", 10, 2)).toEqual(["short"]);
  expect(wrapped("one two three four", 8, 2)).toEqual(["one two", "three f…"]);
  expect(wrapped("one two three four", 9, 3)).toEqual(["one two", "three", "four"]);
  expect(wrapped("unbreakable", 4, 3)).toEqual(["unbr", "eaka", "ble"]);
});
