/** One block: its tables, its symbols, and the bytes in the order of the sorted rotations, ready to be walked. */
import { CodecFault } from "../codec-fault.ts";
import { inSteps, type Steps } from "../turns.ts";
import { groupSize } from "./block-format.ts";
import { HuffmanTable, longestCode } from "./huffman-table.ts";
import type { BitReader } from "./read-bits.ts";

/** Between two stops. */
const groupsInStep = 512;

export interface Block {
  /** As the block says; to be compared with that of its bytes. */
  readonly crc: number;
  readonly length: number;
  /** Where the walk through the links begins. */
  readonly first: number;
}

/**
 * Fills `links`: in each the byte (low 8 bits) and where the next one is. `undefined` when the data ends within the block.
 * Faults: malformed, unsupported.
 */
export function* readBlock(bits: BitReader, links: Uint32Array): Steps<Block | undefined> {
  const crc = bits.take32();
  if (bits.take(1) === 1) throw new CodecFault("unsupported", "a randomised block, which bzip2 before 0.9.5 wrote");
  const origin = bits.take(24);
  const used = usedBytes(bits);
  if (bits.isBeyond) return undefined;
  if (used.length === 0) throw new CodecFault("malformed", "a block without any byte");
  const tableCount = bits.take(3);
  const selectorCount = bits.take(15);
  if (bits.isBeyond) return undefined;
  if (tableCount < 2 || tableCount > 6) throw new CodecFault("malformed", `a block with ${tableCount} tables`);
  if (selectorCount < 1) throw new CodecFault("malformed", "a block without selectors");
  const selectors = readSelectors(bits, selectorCount, tableCount);
  if (selectors === undefined) return undefined;
  const tables: HuffmanTable[] = [];
  for (let table = 0; table < tableCount; table += 1) {
    const lengths = readLengths(bits, used.length + 2);
    if (lengths === undefined) return undefined;
    tables.push(new HuffmanTable(lengths));
  }
  const counts = new Int32Array(256);
  const length = yield* readSymbols(bits, { used, selectors, tables, links, counts });
  if (length === undefined) return undefined;
  if (origin >= length) throw new CodecFault("malformed", "a block whose origin lies outside of it");
  yield* link(links, length, counts);
  return { crc, length, first: (links[origin] ?? 0) >>> 8 };
}

function usedBytes(bits: BitReader): Uint8Array {
  const groups = bits.take(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group += 1) {
    if ((groups & (0x8000 >> group)) === 0) continue;
    const members = bits.take(16);
    for (let member = 0; member < 16; member += 1) {
      if ((members & (0x8000 >> member)) !== 0) used.push(group * 16 + member);
    }
  }
  return Uint8Array.from(used);
}

function readSelectors(bits: BitReader, count: number, tables: number): Uint8Array | undefined {
  const order = Uint8Array.from({ length: tables }, (_, index) => index);
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    let place = 0;
    while (bits.take(1) === 1) {
      place += 1;
      if (place >= tables) throw new CodecFault("malformed", "a selector of a table that is not there");
    }
    const table = order[place] ?? 0;
    order.copyWithin(1, 0, place);
    order[0] = table;
    selectors[at] = table;
    if (bits.isBeyond) return undefined;
  }
  return selectors;
}

function readLengths(bits: BitReader, count: number): Uint8Array | undefined {
  const lengths = new Uint8Array(count);
  let length = bits.take(5);
  for (let symbol = 0; symbol < count; symbol += 1) {
    while (bits.take(1) === 1) {
      if (bits.isBeyond) return undefined;
      length += bits.take(1) === 0 ? 1 : -1;
      if (length < 1 || length > longestCode) break;
    }
    if (bits.isBeyond) return undefined;
    if (length < 1 || length > longestCode) throw new CodecFault("malformed", `a code of ${length} bits`);
    lengths[symbol] = length;
  }
  return lengths;
}

interface Coded {
  /** The bytes that occur, in order. */
  readonly used: Uint8Array;
  readonly selectors: Uint8Array;
  readonly tables: readonly HuffmanTable[];
  readonly links: Uint32Array;
  /** How often each byte occurs. */
  readonly counts: Int32Array;
}

/** Undoes codes, runs of the first byte and moves to the front; gives the number of bytes. */
function* readSymbols(bits: BitReader, { used, selectors, tables, links, counts }: Coded): Steps<number | undefined> {
  const recent = used.slice();
  const end = used.length + 1;
  const most = links.length;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let group = 0; group < selectors.length; group += 1) {
    if (group % groupsInStep === 0) yield;
    const table = tables[selectors[group] ?? 0];
    if (table === undefined) throw new CodecFault("malformed", "a selector of a table that is not there");
    if (bits.isBeyond) return undefined;
    for (let left = groupSize; left > 0; left -= 1) {
      const symbol = table.read(bits);
      if (symbol <= 1) {
        run += weight << symbol;
        weight <<= 1;
        if (run > most) throw new CodecFault("malformed", "a run longer than its block");
        continue;
      }
      if (run > 0) {
        if (length + run > most) throw new CodecFault("malformed", "a block longer than its level allows");
        const byte = recent[0] ?? 0;
        counts[byte] = (counts[byte] ?? 0) + run;
        links.fill(byte, length, length + run);
        length += run;
        run = 0;
        weight = 1;
      }
      if (symbol === end) return bits.isBeyond ? undefined : length;
      if (length >= most) throw new CodecFault("malformed", "a block longer than its level allows");
      const byte = moveToFront(recent, symbol - 1);
      counts[byte] = (counts[byte] ?? 0) + 1;
      links[length] = byte;
      length += 1;
    }
  }
  if (bits.isBeyond) return undefined;
  throw new CodecFault("malformed", "a block without an end");
}

function moveToFront(recent: Uint8Array, place: number): number {
  const byte = recent[place] ?? 0;
  if (place < 16) for (let at = place; at > 0; at -= 1) recent[at] = recent[at - 1] ?? 0;
  else recent.copyWithin(1, 0, place);
  recent[0] = byte;
  return byte;
}

/** Puts into each place, beside its byte, which place comes next. */
function* link(links: Uint32Array, length: number, counts: Int32Array): Steps<void> {
  const starts = new Int32Array(256);
  let sum = 0;
  counts.forEach((count, byte) => {
    starts[byte] = sum;
    sum += count;
  });
  yield* inSteps(length, (from, to) => {
    for (let at = from; at < to; at += 1) {
      const byte = (links[at] ?? 0) & 0xff;
      const place = starts[byte] ?? 0;
      links[place] = (links[place] ?? 0) | (at << 8);
      starts[byte] = place + 1;
    }
  });
}
