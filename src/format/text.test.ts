import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOfText, type TextEncoding, textOf, textPieces } from "./index.ts";
import { invalidUtf8At } from "./utf8-position.ts";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function streamed(bytes: Uint8Array, size: number, encoding?: TextEncoding): Promise<string> {
  let text = "";
  for await (const piece of textPieces(pieces(bytes, size), { encoding })) text += piece;
  return text;
}

describe("UTF-8", () => {
  test("what is written is read, whole and in pieces that cut characters", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 5 }), async (text, size) => {
        fc.pre(!text.startsWith("\ufeff"));
        const bytes = bytesOfText(text);
        expect(textOf(bytes)).toBe(text);
        expect(await streamed(bytes, size)).toBe(text);
      }),
    );
  });

  test("one byte order mark is dropped, a second one is text, one within is text", async () => {
    for (const size of [1, 2, 100]) {
      expect(await streamed(bytesOfText("\ufeffa"), size)).toBe("a");
      expect(await streamed(bytesOfText("\ufeff\ufeffa"), size)).toBe("\ufeffa");
      expect(await streamed(bytesOfText("a\ufeff"), size)).toBe("a\ufeff");
    }
    expect(textOf(bytesOfText("\ufeffa"))).toBe("a");
    expect(textOf(bytesOfText("\ufeff"))).toBe("");
  });

  test.each<[string, number[], number]>([
    ["a stray continuation", [0x61, 0x80], 1],
    ["a cut character", [0x61, 0x62, 0xe2, 0x82], 2],
    ["a cut character within", [0xe2, 0x82, 0x61], 0],
    ["an overlong form", [0x61, 0xc0, 0xaf], 1],
    ["an overlong form of three bytes", [0xe0, 0x80, 0x80], 0],
    ["a surrogate", [0xed, 0xa0, 0x80], 0],
    ["what is above U+10FFFF", [0x61, 0xf4, 0x90, 0x80, 0x80], 1],
    ["0xFF", [0xc3, 0xa9, 0xff, 0x61], 2],
    ["UTF-16", [0xff, 0xfe, 0x61, 0x00], 0],
  ])("%s is malformed, and the offset is told whatever the pieces", async (_, values, offset) => {
    const bytes = Uint8Array.from([...bytesOfText("é".repeat(7)), ...values]);
    const error = {
      code: "malformed",
      uri: "s3://b/k",
      hint: expect.any(String),
      message: expect.stringContaining(`byte ${14 + offset} is`),
    };
    expect(() => textOf(bytes, { uri: "s3://b/k" })).toThrow(expect.objectContaining(error));
    for (const size of [1, 2, 3, 5, 100]) {
      const read = async () => {
        for await (const piece of textPieces(pieces(bytes, size), { uri: "s3://b/k" }))
          expect(piece).not.toContain("\ufffd");
      };
      await expect(read()).rejects.toMatchObject(error);
    }
  });

  test("the offset agrees with the platform's decoder on any bytes", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(0x61, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xe1, 0xed, 0xf0, 0xf4, 0xf5),
          { maxLength: 8 },
        ),
        (values) => {
          const bytes = Uint8Array.from(values);
          const isText = (part: Uint8Array) => {
            try {
              new TextDecoder("utf-8", { fatal: true }).decode(part);
              return true;
            } catch {
              return false;
            }
          };
          const at = invalidUtf8At(bytes);
          expect(at === undefined).toBe(isText(bytes));
          if (at === undefined) return;
          expect(isText(bytes.subarray(0, at))).toBe(true);
          for (let end = at + 1; end <= bytes.length; end += 1) expect(isText(bytes.subarray(at, end))).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("half of a surrogate pair has no bytes", () => {
    expect(() => bytesOfText("ab\ud800c")).toThrow(TypeError);
    expect(() => bytesOfText("ab\ud800c")).toThrow("at 2");
    expect(textOf(bytesOfText("\u{1F600}"))).toBe("\u{1F600}");
  });
});

describe("other encodings", () => {
  test("windows-1252 gives quotes and the euro, and is malformed where it has no character", async () => {
    const bytes = Uint8Array.of(0x80, 0x20, 0x93, 0xe9, 0x94, 0x9f);
    expect(textOf(bytes, { encoding: "windows-1252" })).toBe("€ “é”Ÿ");
    expect(await streamed(bytes, 2, "windows-1252")).toBe("€ “é”Ÿ");
    for (const none of [0x81, 0x8d, 0x8f, 0x90, 0x9d]) {
      const read = streamed(Uint8Array.of(0x61, 0x62, 0x63, none), 3, "windows-1252");
      await expect(read).rejects.toMatchObject({
        code: "malformed",
        message: expect.stringContaining("byte 3 is wrong"),
      });
    }
  });

  test("latin1 gives byte n as character n, without the additions of Windows", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    const expected = String.fromCharCode(...bytes);
    expect(textOf(bytes, { encoding: "latin1" })).toBe(expected);
    expect(await streamed(bytes, 7, "latin1")).toBe(expected);
  });

  test("utf-16le with and without its mark; an odd byte is malformed", async () => {
    const bytes = new Uint8Array(Buffer.from("\ufeffaé\u{1F600}", "utf16le"));
    for (const size of [1, 3, 100]) expect(await streamed(bytes, size, "utf-16le")).toBe("aé\u{1F600}");
    expect(() => textOf(bytes.subarray(0, -1), { encoding: "utf-16le" })).toThrow(
      expect.objectContaining({ code: "malformed" }),
    );
    expect(() => textOf(Uint8Array.of(0x00, 0xd8), { encoding: "utf-16le" })).toThrow(
      expect.objectContaining({ code: "malformed" }),
    );
  });

  test("another name is a TypeError", () => {
    expect(() => textOf(new Uint8Array(1), { encoding: "windows-1251" as TextEncoding })).toThrow(TypeError);
  });
});
