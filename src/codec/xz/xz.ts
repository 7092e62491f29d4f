/** xz, encoded: one stream with a CRC-32 for each block. The same bytes and level give the same result, however they come. */
import { crc32 } from "node:zlib";
import { ByteFeed } from "../byte-feed.ts";
import type { Bytes } from "../bytes.ts";
import { takingTurns } from "../turns.ts";
import { checkIds, crc32Bytes } from "./checks.ts";
import { type EncoderSettings, LzmaEncoder, propertiesByte } from "./lzma-encoder.ts";
import { numberBytes } from "./numbers.ts";
import { footerMagic, streamMagic } from "./unxz.ts";

/** Places in a block are counted in 31 bits. */
const blockBytes = 1024 ** 3;
/** What is looked at before anything is chosen: small inputs need no large tables. */
const firstBytes = 1024 * 1024;
/** Bytes that are coded before others get their turn. */
const stepBytes = 16 * 1024;
const lookAhead = 512;
const flags = Uint8Array.of(0, checkIds.crc32);

/** By level: bits of the dictionary, how many places of a chain are looked at, and a length that is good enough. */
const levels: readonly (readonly [bits: number, depth: number, nice: number])[] = [
  [20, 2, 16],
  [20, 4, 24],
  [21, 8, 32],
  [22, 16, 48],
  [22, 24, 64],
  [23, 32, 96],
  [23, 48, 128],
  [24, 64, 192],
  [25, 96, 273],
  [26, 256, 273],
];

/** Encodes a stream. `level` 1 to 9. */
export async function* xz(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Bytes> {
  const feed = new ByteFeed(source);
  const records: (readonly [unpaddedBytes: number, sizeBytes: number])[] = [];
  try {
    yield Uint8Array.of(...streamMagic, ...flags, ...crc32Bytes(crc32(flags)));
    for (;;) {
      const known = (await feed.peek(firstBytes)).length;
      if (known === 0) break;
      const settings = settingsOf(level, known);
      const header = blockHeader(settings);
      yield header;
      const sum = { packed: 0, plain: 0, crc: 0 };
      for await (const bytes of lzma2(feed, settings, sum)) {
        sum.packed += bytes.length;
        yield bytes;
      }
      yield Uint8Array.of(...new Uint8Array(-sum.packed & 3), ...crc32Bytes(sum.crc));
      records.push([header.length + sum.packed + 4, sum.plain]);
    }
    yield tail(records);
  } finally {
    await feed.close();
  }
}

function settingsOf(level: number, known: number): EncoderSettings {
  const [bits, depth, nice] = levels[level] ?? [22, 16, 48];
  const needed = known < firstBytes ? Math.max(12, 32 - Math.clz32(known - 1)) : bits;
  return { dictionary: 2 ** Math.min(bits, needed), depth, nice };
}

function blockHeader({ dictionary }: EncoderSettings): Bytes {
  const size = (31 - Math.clz32(dictionary) - 12) * 2;
  const header = Uint8Array.of(2, 0, 0x21, 1, size, 0, 0, 0);
  return Uint8Array.of(...header, ...crc32Bytes(crc32(header)));
}

interface Sum {
  plain: number;
  crc: number;
}

/** The chunks of one block, and their end mark. */
async function* lzma2(feed: ByteFeed, settings: EncoderSettings, sum: Sum): AsyncGenerator<Bytes> {
  const encoder = new LzmaEncoder(settings);
  const turn = takingTurns();
  let reset = 3;
  let isFirst = true;
  function chunk(): Bytes[] {
    const { packed, count } = encoder.flush();
    if (packed.length >= count) {
      const control = isFirst ? 1 : 2;
      isFirst = false;
      // what was coded and not sent left its marks
      reset = Math.max(reset === 3 ? 2 : reset, 1);
      encoder.reset();
      return [Uint8Array.of(control, ...word(count - 1)), Uint8Array.from(encoder.last(count))];
    }
    const size = count - 1;
    const control = 0x80 | (reset << 5) | (size >> 16);
    const head = [control, ...word(size & 0xffff), ...word(packed.length - 1)];
    if (reset >= 2) head.push(propertiesByte);
    isFirst = false;
    reset = 0;
    return [Uint8Array.from(head), Uint8Array.from(packed)];
  }
  async function* coded(reserve: number): AsyncGenerator<Bytes> {
    for (let state = encoder.encode(reserve, stepBytes); state !== "dry"; state = encoder.encode(reserve, stepBytes)) {
      if (state === "full") yield* chunk();
      await turn();
    }
  }
  while (sum.plain < blockBytes) {
    const bytes = await feed.takeSome(Math.min(stepBytes, blockBytes - sum.plain));
    if (bytes.length === 0) break;
    sum.plain += bytes.length;
    sum.crc = crc32(bytes, sum.crc);
    for (let at = 0; at < bytes.length; ) {
      at += encoder.finder.add(bytes, at);
      yield* coded(lookAhead);
      await turn();
    }
  }
  yield* coded(0);
  if (encoder.plain > 0) yield* chunk();
  yield Uint8Array.of(0);
}

function word(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}

function tail(records: readonly (readonly [number, number])[]): Bytes {
  const index = [0, ...numberBytes(records.length)];
  for (const record of records) for (const value of record) index.push(...numberBytes(value));
  while (index.length % 4 !== 0) index.push(0);
  const indexBytes = Uint8Array.from(index);
  const footer = new Uint8Array(6);
  new DataView(footer.buffer).setUint32(0, indexBytes.length / 4, true);
  footer.set(flags, 4);
  return Uint8Array.of(
    ...indexBytes,
    ...crc32Bytes(crc32(indexBytes)),
    ...crc32Bytes(crc32(footer)),
    ...footer,
    ...footerMagic,
  );
}
