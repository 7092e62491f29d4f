import { expect, test } from "vitest";
import { checksumOf } from "../../checksum/index.ts";
import { DigestedStretches } from "./digested-stretches.ts";

const bytes = Uint8Array.from({ length: 70 }, (_, at) => (at * 37) % 251);
const stretch = (algorithm: "CRC32" | "CRC64NVME", n: number) => {
  const [start, end] = [n * 10, n * 10 + 10];
  return { start, end, digest: Uint8Array.from(checksumOf(algorithm, bytes.subarray(start, end))) };
};

test.each(["CRC32", "CRC64NVME"] as const)(
  "stretches of %s that come in any order are one when all are there",
  (algorithm) => {
    for (const order of [
      [0, 1, 2, 3, 4, 5, 6],
      [6, 5, 4, 3, 2, 1, 0],
      [1, 3, 5, 0, 2, 4, 6],
      [3, 0, 6, 2, 4, 1, 5],
    ]) {
      const stretches = new DigestedStretches(algorithm);
      for (const n of order) stretches.add(stretch(algorithm, n));
      expect(stretches.inOrder).toEqual([{ start: 0, end: 70, digest: Uint8Array.from(checksumOf(algorithm, bytes)) }]);
    }
  },
);

test("only what has a gap between is kept apart", () => {
  const stretches = new DigestedStretches("CRC32");
  const kept = [2, 3, 5, 4, 0, 6, 1].map((n) => {
    stretches.add(stretch("CRC32", n));
    return stretches.inOrder.map(({ start, end }) => [start, end]);
  });
  expect(kept[2]).toEqual([
    [20, 40],
    [50, 60],
  ]);
  expect(kept.map(({ length }) => length)).toEqual([1, 1, 2, 1, 2, 2, 1]);
});
