import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { decodeAll } from "../decode.ts";

function withSum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(bytes));
  return Buffer.concat([bytes, sum]);
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)];
}

/** A stream of blocks of which nothing comes out. */
function emptyBlocks(count: number): Buffer {
  const flags = Buffer.from([0, 0]);
  const block = Buffer.concat([withSum(Buffer.from([2, 0, 0x21, 1, 0x16, 0, 0, 0])), Buffer.alloc(4)]);
  const listed = Buffer.from([0, ...number(count), ...Array.from({ length: count }, () => [13, 0]).flat()]);
  const index = withSum(Buffer.concat([listed, Buffer.alloc(-listed.length & 3)]));
  const backward = Buffer.alloc(4);
  backward.writeUInt32LE(index.length / 4 - 1);
  const ending = withSum(Buffer.concat([backward, flags]));
  return Buffer.concat([
    Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    withSum(flags),
    ...Array.from({ length: count }, () => block),
    index,
    ending.subarray(6),
    ending.subarray(0, 6),
    Buffer.from("YZ"),
  ]);
}

test("blocks of which nothing comes out let others have their turn, and so does their index", async () => {
  expect(await decodeAll("xz", emptyBlocks(2))).toHaveLength(0);
  let turns = 0;
  let next: NodeJS.Immediate;
  const tick = () => {
    turns += 1;
    next = setImmediate(tick);
  };
  next = setImmediate(tick);
  expect(await decodeAll("xz", emptyBlocks(20_000))).toHaveLength(0);
  clearImmediate(next);
  expect(turns).toBeGreaterThan(2);
});
