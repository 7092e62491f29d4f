import { expect, test } from "vitest";
import { checkLines } from "./check-lines.ts";

async function facts(text: string, size = 3): Promise<Readonly<Record<string, string>>> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return Object.fromEntries((await checkLines(pieces(), "a.jsonl")).rounded);
}
const malformed = (message: RegExp) =>
  expect.objectContaining({ code: "malformed", message: expect.stringMatching(message) });

test.each([
  ['{"a":1,"a":2}', /"a" twice, line 1/],
  ['{"a":1}\n{"b":1,"a":1,"b" : 2}\n', /"b" twice, line 2/],
  ['{"a":1,"\\u0061":2}', /"a" twice/],
  ['{"o":{"x":1,"x":2}}', /"x" twice/],
  ['{"l":[{"x":1},{"y":1,"y":1}]}', /"y" twice/],
])("a key that stands twice in one object is an error: %s", async (text, message) => {
  await expect(facts(text)).rejects.toEqual(malformed(message));
});

test.each([
  '{"a":1}\n{"a":2}\n',
  '{"o":{"a":1},"a":2}',
  '{"l":[{"x":1},{"x":2}]}',
  '{"a":"\\"a\\":1, \\"a\\":2"}',
  '{"a":"\\\\","b":":"}',
  '{"a":"\\ud83d\\ude00"}',
  '{"a":',
  '{"a":"not closed\n{"a":1}\n',
])("nothing is said of %s", async (text) => {
  expect(await facts(text)).toEqual({});
});

test.each(['{"a":"\\ud83d"}', '{"a":"\\uDE00 x"}', '{"\\ud83d":1}', '{"a":["x","\\ude00\\ud83d"]}'])(
  "half a character is an error: %s",
  async (text) => {
    await expect(facts(text)).rejects.toEqual(malformed(/half a character, line 1/));
  },
);

test.each<[string, boolean]>([
  ["0.1", true],
  ["0.30000000000000004", true],
  ["1.7976931348623157e308", true],
  ["10000000000000000.00", true],
  ["0.12345678901234567891", false],
  ["100000000000000000000000.5", false],
  ["12345678901234567890123456789012345678", true],
  ["1234567890123456789012345678901234567890", false],
])("whether the digits of %s survive is known: %s", async (number, isHeld) => {
  expect(await facts(`{"a":1,"n":${number}}`, 5)).toEqual(isHeld ? {} : { n: number });
});
