/**
 * xz, decoded: streams one after the other, with the zeros that may stand between them. Checks, sizes and the index are verified;
 * what follows a stream and is none is an error; an empty input is an empty output.
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { ByteFeed } from "../byte-feed.ts";
import type { Bytes } from "../bytes.ts";
import { CodecFault } from "../codec-fault.ts";
import { takingTurns } from "../turns.ts";
import { readBlockHeader } from "./block-header.ts";
import { crc32Bytes, isSame, openCheck } from "./checks.ts";
import { Dictionary } from "./dictionary.ts";
import { readNumber } from "./numbers.ts";
import { unlzma2 } from "./unlzma2.ts";

export const streamMagic: readonly number[] = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
export const footerMagic: readonly number[] = [0x59, 0x5a];

/** Decodes a stream. Faults: truncated, integrity, malformed, unsupported, limit-exceeded. */
export async function* unxz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
  const feed = new ByteFeed(source);
  const turn = takingTurns();
  // one for all blocks, of which there may be very many
  const dictionary = new Dictionary(0);
  try {
    for (let isFirst = true; await begins(feed, isFirst); isFirst = false) {
      for await (const bytes of stream(feed, turn, dictionary)) {
        yield bytes;
        await turn();
      }
    }
  } finally {
    await feed.close();
  }
}

/** Whether another stream begins; between two there may be zeros, in fours. */
async function begins(feed: ByteFeed, isFirst: boolean): Promise<boolean> {
  for (;;) {
    const ahead = (await feed.peek(4)).slice();
    if (ahead.length === 0) return false;
    if (isFirst || ahead.some((byte) => byte !== 0)) break;
    if (ahead.length < 4) throw new CodecFault("malformed", "padding that is not in fours");
    await feed.take(4);
  }
  const head = await feed.peek(streamMagic.length);
  // garbage is known from its first byte
  if (head.every((byte, at) => byte === streamMagic[at])) return true;
  throw new CodecFault("malformed", "no xz header where one should be");
}

async function* stream(
  feed: ByteFeed,
  turn: () => Promise<void> | undefined,
  dictionary: Dictionary,
): AsyncGenerator<Bytes> {
  const header = (await exactly(feed, 12)).slice();
  const flags = header.subarray(6, 8);
  if (!isSame(crc32Bytes(crc32(flags)), header.subarray(8)))
    throw new CodecFault("integrity", "the header does not match its checksum");
  const check = flags[1] ?? 0;
  if (flags[0] !== 0 || check > 15) throw new CodecFault("unsupported", "a stream with flags of a later time");
  const blocks = new Records();
  for (;;) {
    const [size = 0] = await exactly(feed, 1);
    if (size === 0) break;
    yield* block(feed, size, check, blocks, dictionary);
    // there may be very many of which nothing comes out
    await turn();
  }
  const indexBytes = await readIndex(feed, blocks, turn);
  const footer = await exactly(feed, 12);
  const backward = new DataView(footer.buffer, footer.byteOffset).getUint32(4, true);
  const isFooter = isSame(crc32Bytes(crc32(footer.subarray(4, 10))), footer.subarray(0, 4));
  if (!isFooter) throw new CodecFault("integrity", "the footer does not match its checksum");
  const isSound =
    (backward + 1) * 4 === indexBytes &&
    isSame(footer.subarray(8, 10), flags) &&
    footer[10] === footerMagic[0] &&
    footer[11] === footerMagic[1];
  if (!isSound) throw new CodecFault("malformed", "a footer of another stream");
}

async function* block(
  feed: ByteFeed,
  size: number,
  checkId: number,
  blocks: Records,
  dictionary: Dictionary,
): AsyncGenerator<Bytes> {
  const headerBytes = (size + 1) * 4;
  const rest = await exactly(feed, headerBytes - 1);
  const header = await readBlockHeader(Uint8Array.of(size, ...rest));
  const check = openCheck(checkId);
  let packed = 0;
  let sizeBytes = 0;
  dictionary.restart(header.dictionarySize);
  const chunks = unlzma2(feed, dictionary, (bytes) => {
    packed += bytes.length;
  });
  for await (const bytes of chunks) {
    check.update(bytes);
    sizeBytes += bytes.length;
    yield bytes;
  }
  if ((header.packedBytes ?? packed) !== packed || (header.sizeBytes ?? sizeBytes) !== sizeBytes)
    throw new CodecFault("integrity", "a block is not of the size that it says");
  const padding = await exactly(feed, -packed & 3);
  if (padding.some((byte) => byte !== 0)) throw new CodecFault("malformed", "a block with padding that is not zero");
  const digest = check.digest();
  if (!isSame(await exactly(feed, digest.length), digest))
    throw new CodecFault("integrity", "a block does not match its checksum");
  blocks.add(headerBytes + packed + digest.length, sizeBytes);
}

/** The sizes of blocks, as one digest: a stream may have millions. */
class Records {
  readonly #hash = createHash("sha256");
  count = 0;

  add(unpaddedBytes: number, sizeBytes: number): void {
    this.#hash.update(`${unpaddedBytes} ${sizeBytes},`);
    this.count += 1;
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** Gives its size. */
async function readIndex(feed: ByteFeed, blocks: Records, turn: () => Promise<void> | undefined): Promise<number> {
  let crc = crc32(Uint8Array.of(0));
  let size = 1;
  const next = async (): Promise<number> => {
    const bytes = await exactly(feed, 1);
    crc = crc32(bytes, crc);
    size += 1;
    return bytes[0] ?? 0;
  };
  const listed = new Records();
  const count = await readNumber(next);
  if (count !== blocks.count) throw new CodecFault("integrity", "an index that does not know all blocks");
  for (let left = count; left > 0; left -= 1) {
    listed.add(await readNumber(next), await readNumber(next));
    await turn();
  }
  if (listed.digest() !== blocks.digest()) throw new CodecFault("integrity", "an index of other blocks");
  while (size % 4 !== 0) if ((await next()) !== 0) throw new CodecFault("malformed", "an index with padding");
  const expected = crc32Bytes(crc);
  if (!isSame(await exactly(feed, 4), expected))
    throw new CodecFault("integrity", "the index does not match its checksum");
  return size + 4;
}

async function exactly(feed: ByteFeed, count: number): Promise<Uint8Array> {
  const bytes = await feed.take(count);
  if (bytes.length < count) throw new CodecFault("truncated", "the data ends too early");
  return bytes;
}
