import { describe, expect, test } from "vitest";
import { jsonLines } from "./json-lines.ts";

/** In pieces of every size, since a piece may end anywhere. */
async function linesOf(text: string, pieceBytes: number): Promise<unknown[]> {
  const bytes = new TextEncoder().encode(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  let lines = "";
  for await (const piece of jsonLines(pieces(), "file:///x.json")) lines += Buffer.from(piece).toString("latin1");
  return Buffer.from(lines, "latin1")
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}

const rows = [{ a: 'q"\\[{', é: "ü\n" }, { a: { pxResults: [1, [2]] } }, { pxResults: 'no "list"', b: [[], {}] }];

describe("JSON of an export, one value to a line", () => {
  test.each([
    ["lines", rows.map((row) => JSON.stringify(row)).join("\n")],
    ["lines behind a mark", `\uFEFF${rows.map((row) => JSON.stringify(row)).join("\r\n")}\r\n`],
    ["values over several lines", rows.map((row) => JSON.stringify(row, null, 2)).join("\n")],
    ["an array", JSON.stringify(rows)],
    ["an array over several lines", `  ${JSON.stringify(rows, null, "\t")}\n`],
    ["pxResults", JSON.stringify({ pxResults: rows })],
    [
      "pxResults behind other fields",
      JSON.stringify({ 'a"pxResults': [9], b: "pxResults", c: { pxResults: [8] }, pxResults: rows, d: 1 }),
    ],
    ["pxResults over several lines", JSON.stringify({ x: null, pxResults: rows }, null, 1)],
  ])("comes of %s, wherever a piece ends", async (_, text) => {
    for (const pieceBytes of [1, 2, 3, 7, 64, 1e6]) expect(await linesOf(text, pieceBytes)).toEqual(rows);
  });

  test("of an object without results is the object", async () => {
    const one = { pxResults: "none", x: 1 };
    for (const text of [JSON.stringify(one), JSON.stringify(one, null, 1)])
      expect(await linesOf(text, 5)).toEqual([one]);
  });

  test("that ends in the middle is malformed, and so is what follows an object with results", async () => {
    for (const text of [
      ...[
        '{"pxResults":[{"a":1},{"a"',
        '{"pxResults":[',
        '[{"a":1}',
        '{"pxResults":[{"a":1}]',
        '{"pxResults":[],"pxMo',
      ],
      ...['{"pxResults":[1]}\n{"pxResults":[2]}', '{"id":"a","pxResults":[{"x":1}]}\n{"id":"b"}'],
    ])
      await expect(linesOf(text, 4)).rejects.toMatchObject({ code: "malformed" });
  });
});
