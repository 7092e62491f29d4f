import { expect, test } from "vitest";
import { mayBeDeep, mostLevels } from "./may-be-deep.ts";

async function isFound(text: string, size: number): Promise<boolean> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return mayBeDeep(pieces());
}
const nested = (levels: number) => `${'{"a":['.repeat(levels / 2)}1${"]}".repeat(levels / 2)}`;

test.each([1, 3, 64, 1000, 1e6])(
  "a line that opens too much is found, wherever pieces of %i bytes end",
  async (size) => {
    expect(await isFound(`{"a":1}\n${nested(mostLevels + 2)}\n{"a":2}`, size)).toBe(true);
    expect(await isFound(`${"[".repeat(mostLevels + 1)}`, size)).toBe(true);
  },
);

test.each([1, 3, 64, 1000, 1e6])(
  "lines that open less are not, however many they are: pieces of %i bytes",
  async (size) => {
    expect(await isFound(`${nested(mostLevels)}\n`.repeat(50), size)).toBe(false);
    expect(await isFound('{"a":1}\n'.repeat(1000), size)).toBe(false);
    expect(await isFound(`{"a":1}\n${"[".repeat(mostLevels)}`, size)).toBe(false);
  },
);
