import { expect, test } from "vitest";
import { hasLongRow } from "./has-long-row.ts";

async function isFound(text: string, size: number, options = {}): Promise<boolean> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return hasLongRow(pieces(), { cells: 2, delimiter: ",", quote: '"', rows: Number.POSITIVE_INFINITY, ...options });
}

test.each([
  ["a,b\n1,2,3\n", true],
  ["a,b\n1,2\n3,4,", true],
  ["a,b\n1,2\n3,4\n5\n\n", false],
  ['a,b\n"1,1","2\n,,"\n3,4\n', false],
  ['a,b\n"1 ""one"", of , these",2\n', false],
  ['a,b\n"1 ""one"", of , these",2,3\n', true],
  ['a,b\n"",2\n1,""\n', false],
  ['a,b\n1"x,2,3\n', true],
  ['a,b\r\n"1",2\r\n', false],
])("%j is looked at cell by cell: %s", async (text, expected) => {
  for (const size of [1, 2, 3, 7, 100]) expect([size, await isFound(text, size)]).toEqual([size, expected]);
});

test("no more lines are looked at than are asked for, and other delimiters and quotes are those", async () => {
  expect(await isFound("a,b\n1,2\n1,2,3\n", 100, { rows: 2 })).toBe(false);
  expect(await isFound("a,b\n1,2\n1,2,3\n", 100, { rows: 3 })).toBe(true);
  expect(await isFound("a;b\n'1;1';2\n", 100, { delimiter: ";", quote: "'" })).toBe(false);
  expect(await isFound('a,b\n"1,1",2\n', 100, { quote: false })).toBe(true);
});
