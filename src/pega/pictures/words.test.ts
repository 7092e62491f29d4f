import { expect, test } from "vitest";
import { asLabel, cutEnd, cutInside, markup, shownName } from "./words.ts";

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
