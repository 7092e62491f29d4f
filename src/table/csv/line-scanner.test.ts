import { expect, test } from "vitest";
import { type LineShape, rowLines } from "./line-scanner.ts";

async function linesOf(text: string, shape: LineShape = {}, records?: number, size = 3): Promise<string> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const out: Uint8Array[] = [];
  for await (const chunk of rowLines(chunks(), shape, "x.csv", records)) out.push(chunk);
  return Buffer.concat(out).toString();
}

test.each<[what: string, text: string, shape: LineShape, records: number | undefined, lines: string]>([
  ["blank lines are left out, the first and the last, too", "\n\r\na\n\n1\n\r\n\n", {}, undefined, "a\n1\n"],
  ["a blank line inside quotes is text", 'a\n"x\n\n\r\ny"\n\n', {}, undefined, 'a\n"x\n\n\r\ny"\n'],
  ["spaces are text", "a\n \n", {}, undefined, "a\n \n"],
  ["what is skipped stays, whatever is in it", '"\n\na\n\n1\n', { skipRows: 2 }, undefined, '"\n\na\n1\n'],
  ["a quote in a comment opens nothing", '##"\na\n\n##"\n1\n', { comment: "##" }, undefined, '##"\na\n##"\n1\n'],
  ["no quotes", 'a\n"\n\n1\n', { quote: false }, undefined, 'a\n"\n1\n'],
  ["so many records", 'a\n\n"1\n2"\n3\n', {}, 2, 'a\n"1\n2"\n'],
  ["comments are no records", "#\na\n#\n1\n2\n", { comment: "#" }, 2, "#\na\n#\n1\n"],
  ["a carriage return alone is a cell", "a\n\rb\n", {}, undefined, "a\n\rb\n"],
  ["blank lines that stay count for nothing", "\na\r\n\r\n1\n\n2\n", { keepBlank: true }, 2, "\na\r\n\n1\n"],
  ["no final line end", "a\n1", {}, undefined, "a\n1"],
])("%s", async (_, text, shape, records, lines) => {
  for (const size of [1, 2, 3, 100]) expect(await linesOf(text, shape, records, size)).toBe(lines);
});

test("a quote that is never closed is malformed, with its row", async () => {
  await expect(linesOf('a\n\n1\n"x\n2\n')).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringMatching(/from line 4 on/),
  });
  // what is not needed is not looked at
  expect(await linesOf('a\n1\n"x\n2\n', {}, 2)).toBe("a\n1\n");
});
