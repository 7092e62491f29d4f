import { expect, test } from "vitest";
import { longOffsets, utf8Texts } from "./texts.ts";

test("texts lie one after the other, what is missing takes no place", () => {
  const { bytes, offsets } = utf8Texts(["aü", null, "", "✓"], "s", "a.pkl");
  expect(Buffer.from(bytes).toString()).toBe("aü✓");
  expect([...offsets]).toEqual([0n, 3n, 3n, 3n, 6n]);
});

test("more texts than are encoded in one go keep their places", () => {
  const texts = Array.from({ length: 140_000 }, (_, row) => (row % 3 === 0 ? "ü" : String(row)));
  const { bytes, offsets } = utf8Texts(texts, "s", "a.pkl");
  const at = (row: number) => Buffer.from(bytes).toString("utf8", Number(offsets[row]), Number(offsets[row + 1]));
  expect([0, 65_535, 65_536, 139_999].map(at)).toEqual([0, 65_535, 65_536, 139_999].map((row) => texts[row]));
});

test.each([[["\ud83d"]], [["a\ud83d", "\ude00b"]], [["\ude00ü"]]])(
  "half a character is an error and no replacement: %j",
  (texts) => {
    expect(() => utf8Texts(texts, "s", "a.pkl")).toThrow(expect.objectContaining({ code: "unsupported" }));
  },
);

test("offsets beyond 32 bits keep their value", () => {
  const offsets = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 5];
  expect([...longOffsets(Float64Array.from(offsets))]).toEqual(offsets.map(BigInt));
});
