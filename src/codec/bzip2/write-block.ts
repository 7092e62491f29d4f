/** One block, written: its tables and its symbols. In steps, so that others get their turn between them. */
import type { Steps } from "../turns.ts";
import { blockMagic, groupSize } from "./block-format.ts";
import { chooseTables } from "./choose-tables.ts";
import { movedToFront } from "./move-to-front.ts";
import { sortRotations } from "./sort-rotations.ts";
import type { BitWriter } from "./write-bits.ts";

const groupsInStep = 1024;

export function* writeBlock(bits: BitWriter, block: Uint8Array, crc: number): Steps<void> {
  const { lasts, origin } = yield* sortRotations(block);
  const { symbols, frequencies, used } = yield* movedToFront(lasts);
  const { tables, selectors } = yield* chooseTables(symbols, frequencies);
  bits.put(24, blockMagic[0]);
  bits.put(24, blockMagic[1]);
  bits.put32(crc);
  bits.put(1, 0);
  bits.put(24, origin);
  writeUsed(bits, used);
  bits.put(3, tables.length);
  bits.put(15, selectors.length);
  writeSelectors(bits, selectors, tables.length);
  for (const lengths of tables) writeLengths(bits, lengths);
  const codes = tables.map(codesOf);
  for (let group = 0; group < selectors.length; group += 1) {
    if (group % groupsInStep === 0) yield;
    const table = selectors[group] ?? 0;
    const lengths = tables[table];
    const values = codes[table];
    if (lengths === undefined || values === undefined) throw new TypeError("a group has a table");
    const end = Math.min(symbols.length, (group + 1) * groupSize);
    for (let at = group * groupSize; at < end; at += 1) {
      const symbol = symbols[at] ?? 0;
      bits.put(lengths[symbol] ?? 0, values[symbol] ?? 0);
    }
  }
}

function writeUsed(bits: BitWriter, used: Uint8Array): void {
  const members = new Uint16Array(16);
  for (const byte of used) members[byte >> 4] = (members[byte >> 4] ?? 0) | (0x8000 >> (byte & 15));
  bits.put(
    16,
    members.reduce((sum, group, at) => (group === 0 ? sum : sum | (0x8000 >> at)), 0),
  );
  for (const group of members) if (group !== 0) bits.put(16, group);
}

function writeSelectors(bits: BitWriter, selectors: Uint8Array, tableCount: number): void {
  const order = Array.from({ length: tableCount }, (_, table) => table);
  for (const table of selectors) {
    const place = order.indexOf(table);
    for (let at = 0; at < place; at += 1) bits.put(1, 1);
    bits.put(1, 0);
    order.splice(place, 1);
    order.unshift(table);
  }
}

function writeLengths(bits: BitWriter, lengths: Uint8Array): void {
  let current = lengths[0] ?? 0;
  bits.put(5, current);
  for (const length of lengths) {
    for (; current < length; current += 1) bits.put(2, 0b10);
    for (; current > length; current -= 1) bits.put(2, 0b11);
    bits.put(1, 0);
  }
}

function codesOf(lengths: Uint8Array): Int32Array {
  const codes = new Int32Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= 20; length += 1) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue;
      codes[symbol] = code;
      code += 1;
    }
    code <<= 1;
  }
  return codes;
}
