import { expect, test } from "vitest";
import { NameTable } from "./name-table.ts";

test("a name is free once, then held by the same, by a folder of the name, or by a twin", () => {
  const table = new NameTable();
  expect(table.claim("a", "A", false)).toBe("free");
  expect(table.claim("a", "A", false)).toBe("same");
  expect(table.claim("a", "A", true)).toBe("file-and-folder");
  expect(table.claim("a", "a", false)).toBe("twin");
  expect(table.claim("b", "b", true)).toBe("free");
  expect(table.claim("b", "b", true)).toBe("same");
  expect(table.claim("b", "b", false)).toBe("file-and-folder");
});

test("of 100,000 names none is taken for another, and none is forgotten", () => {
  const table = new NameTable();
  const names = Array.from({ length: 100_000 }, (_, index) => `folder-${index % 7}/part-${index}.csv`);
  expect(names.every((name) => table.claim(name, name, false) === "free")).toBe(true);
  expect(names.every((name) => table.claim(name, name, false) === "same")).toBe(true);
});
