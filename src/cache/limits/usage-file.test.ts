/** The file that says how much a shard holds. */
import { expect, test } from "vitest";
import { formatBase, formatChange, lineBytes, parseChanges, parseUsage } from "./usage-file.ts";

const base = formatBase({ objects: 10, sizeBytes: 1_000 }, 5_000);
const change = (objects: number, sizeBytes: number) => formatChange({ objects, sizeBytes });
const join = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

test("a base and what came and went since add up", () => {
  const bytes = join(base, change(1, 70), change(-2, -270), change(0, 2 ** 40));
  expect(parseUsage(bytes)).toEqual({ usage: { objects: 9, sizeBytes: 800 + 2 ** 40 }, walkedMs: 5_000 });
  expect(parseChanges(bytes.subarray(lineBytes, 3 * lineBytes))).toEqual({ objects: -1, sizeBytes: -200 });
});

test("less than nothing is nothing", () => {
  expect(parseUsage(join(base, change(-11, -2_000)))?.usage).toEqual({ objects: 0, sizeBytes: 0 });
});

test("of a file with a line that is not whole nothing is believed", () => {
  const whole = join(base, change(1, 70), change(1, 70));
  for (let length = 0; length < whole.byteLength; length += 1) {
    if (length % lineBytes !== 0 || length === 0) expect(parseUsage(whole.subarray(0, length))).toBeUndefined();
  }
  for (let at = 0; at < whole.byteLength; at += 1) {
    const damaged = Uint8Array.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    expect(parseUsage(damaged)).toBeUndefined();
  }
  expect(parseUsage(join(change(1, 70), base))).toBeUndefined();
  expect(parseUsage(join(base, base))).toBeUndefined();
});
