import { describe, expect, test } from "vitest";
import { BitReader, slackBytes } from "./read-bits.ts";
import { readBlock } from "./read-block.ts";
import { BitWriter } from "./write-bits.ts";
import { writeBlock } from "./write-block.ts";

const length = 900_000;
const noise = Uint8Array.from({ length }, (_, at) => Math.imul(at, 2_654_435_761) >>> 24);
const blocks: readonly (readonly [string, Uint8Array])[] = [
  ["noise", noise],
  ["one byte", new Uint8Array(length).fill(7)],
  ["what repeats itself", Uint8Array.from({ length }, (_, at) => at % 10)],
];

describe.each(blocks)("a block of %s", (_, block) => {
  test("stops often enough, both ways, that others wait for some milliseconds of it", () => {
    const bits = new BitWriter();
    let stops = 0;
    for (const _ of writeBlock(bits, block, 0)) stops += 1;
    // eight passes at the least, none of more than 65,536 places at once
    expect(stops).toBeGreaterThan(8 * Math.floor(length / 65_536));
    bits.align();
    const written = bits.taken();
    const bytes = new Uint8Array(written.length + slackBytes);
    bytes.set(written);
    const reader = new BitReader(bytes, written.length, 48);
    const steps = readBlock(reader, new Uint32Array(length));
    let read = steps.next();
    for (stops = 0; read.done !== true; stops += 1) read = steps.next();
    expect(read.value).toMatchObject({ length });
    expect(stops).toBeGreaterThan(Math.floor(length / 65_536));
  });
});
