import { crc32 } from "node:zlib";
import { expect, test, vi } from "vitest";
import { decodeAll } from "../decode.ts";
import { encodeAll } from "../encode.ts";
import { Dictionary } from "./dictionary.ts";

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

test("blocks of which nothing comes out end with their signal", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  setImmediate(() => stop.abort(reason));
  await expect(decodeAll("xz", emptyBlocks(200_000), { signal: stop.signal })).rejects.toBe(reason);
});

test("many blocks share one dictionary, and what one held is not reached by the next", async () => {
  const text = "so it goes, and so it goes on; ".repeat(50);
  const one = await encodeAll("xz", new TextEncoder().encode(text));
  const many = Buffer.concat(Array.from({ length: 300 }, () => one));
  const made = vi.spyOn(Dictionary.prototype, "restart");
  expect(new TextDecoder().decode(await decodeAll("xz", many))).toBe(text.repeat(300));
  expect(new Set(made.mock.contexts).size).toBe(1);
  expect(made.mock.contexts).toHaveLength(300);
});
