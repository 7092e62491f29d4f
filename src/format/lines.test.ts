import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOfText, linesOf, lineText, splitLines } from "./index.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = bytesOfText(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function lines(text: string, size: number, maxLineLength?: number): Promise<string[]> {
  const all: string[] = [];
  for await (const line of linesOf(pieces(text, size), { maxLineLength, uri: "s3://b/k" })) all.push(line);
  return all;
}

test.each<[string, string[]]>([
  ["", []],
  ["\n", [""]],
  ["\r\n", [""]],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\nb", ["a", "b"]],
  ["a\r\nb\r\n", ["a", "b"]],
  ["a\n\nb\n\n", ["a", "", "b", ""]],
  ["a\rb\n", ["a\rb"]],
  ["a\r\r\n", ["a\r"]],
  ["a\r", ["a\r"]],
  ["\ufeffa\n\ufeffb", ["a", "\ufeffb"]],
  ["é\u2028b\u0085c\n\u{1F600}", ["é\u2028b\u0085c", "\u{1F600}"]],
])("the lines of %j, wherever the pieces are cut", async (text, expected) => {
  for (const size of [1, 2, 3, 4, 100]) expect(await lines(text, size)).toEqual(expected);
  if (!text.startsWith("\ufeff")) expect(splitLines(text)).toEqual(expected);
});

test("lines that are written are read again", async () => {
  const line = fc
    .string({ unit: "binary" })
    .filter((text) => !text.includes("\n") && !text.endsWith("\r") && !text.startsWith("\ufeff"));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (all, size) => {
      expect(await lines(all.map(lineText).join(""), size)).toEqual(all);
    }),
  );
});

test("a line that would be read as two, or as another, is not written", () => {
  for (const line of ["a\nb", "a\r", undefined, null, 1]) expect(() => lineText(line as string)).toThrow(TypeError);
  expect(lineText("a\rb")).toBe("a\rb\n");
});

describe("a line without an end", () => {
  test("is refused at the limit, before the rest of the stream is read", async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 1;
        yield new Uint8Array(1_000).fill(0x61);
      }
    }
    const read = async () => {
      for await (const _ of linesOf(endless(), { maxLineLength: 10_000 }));
    };
    await expect(read()).rejects.toMatchObject({ code: "limit-exceeded", hint: expect.any(String) });
    expect(given).toBe(11);
  });

  test("counts up to the limit and no further, wherever the pieces are cut", async () => {
    for (const size of [1, 4, 100]) {
      expect(await lines("12345\n12345", size, 5)).toEqual(["12345", "12345"]);
      await expect(lines("123456\n1", size, 5)).rejects.toMatchObject({ code: "limit-exceeded", uri: "s3://b/k" });
      await expect(lines("1\n123456", size, 5)).rejects.toMatchObject({ code: "limit-exceeded" });
    }
    await expect(lines("a", 1, 0)).rejects.toThrow(RangeError);
  });

  test("takes time in proportion to its length", async () => {
    const time = async (size: number) => {
      const started = performance.now();
      expect((await lines(`${"a".repeat(size)}\n`, 64)).length).toBe(1);
      return performance.now() - started;
    };
    await time(200_000);
    const [short, long] = [await time(200_000), await time(1_600_000)];
    expect(long).toBeLessThan(short * 40 + 100);
  });
});

test("a reader that stops closes its source", async () => {
  let closed = false;
  async function* source() {
    try {
      for (;;) yield bytesOfText("a\nb\n");
    } finally {
      closed = true;
    }
  }
  for await (const line of linesOf(source())) {
    expect(line).toBe("a");
    break;
  }
  expect(closed).toBe(true);
});
