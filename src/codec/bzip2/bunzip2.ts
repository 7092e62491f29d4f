/**
 * bzip2, decoded: streams one after the other, each with blocks up to 900 kB that are decoded whole. What follows a stream and
 * is none is an error; an empty input is an empty output.
 */
import type { Bytes } from "../bytes.ts";
import { CodecFault } from "../codec-fault.ts";
import { type Steps, stepping, takingTurns } from "../turns.ts";
import { blockBytes } from "./block-bytes.ts";
import { blockMagic, endMagic, levelBytes } from "./block-format.ts";
import { combinedCrc } from "./crc.ts";
import { BitReader, slackBytes } from "./read-bits.ts";
import { type Block, readBlock } from "./read-block.ts";

/** More than any block takes: 900,001 symbols of 20 bits, and their tables. */
const longestBlock = 2_400_000;

/** Decodes a stream. Faults: truncated, integrity, malformed, unsupported. */
export async function* bunzip2(source: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
  const turn = takingTurns();
  const input = new Input(source, turn);
  // kept for the largest: streams of different levels may take turns
  let room = new Uint32Array(0);
  try {
    while (await input.begins()) {
      const level = await input.read(readHeader);
      if (room.length < level * levelBytes) room = new Uint32Array(level * levelBytes);
      const links = room.subarray(0, level * levelBytes);
      let crc = 0;
      for (;;) {
        const part = await input.read((bits) => readPart(bits, links));
        await turn();
        if (part.end !== undefined) {
          if (part.end !== crc) throw new CodecFault("integrity", "the data does not match its checksum");
          break;
        }
        for (const bytes of blockBytes(part.block, links)) {
          yield bytes;
          await turn();
        }
        crc = combinedCrc(crc, part.block.crc);
      }
    }
  } finally {
    await input.close();
  }
}

/** Byte by byte, so that garbage is known from its first. */
function* readHeader(bits: BitReader): Steps<number | undefined> {
  yield;
  for (const expected of "BZh") {
    if (bits.take(8) !== expected.charCodeAt(0)) throw noHeader();
  }
  const level = bits.take(8) - 0x30;
  if (bits.isBeyond) return undefined;
  if (level >= 1 && level <= 9) return level;
  throw noHeader();
}

function noHeader(): CodecFault {
  return new CodecFault("malformed", "no bzip2 header where one should be");
}

type Part = { readonly block: Block; readonly end?: never } | { readonly block?: never; readonly end: number };

function* readPart(bits: BitReader, links: Uint32Array): Steps<Part | undefined> {
  const [high, low] = [bits.take(24), bits.take(24)];
  if (bits.isBeyond) return undefined;
  if (high === blockMagic[0] && low === blockMagic[1]) {
    const block = yield* readBlock(bits, links);
    return block && { block };
  }
  if (high !== endMagic[0] || low !== endMagic[1]) throw new CodecFault("malformed", "neither a block nor an end");
  const end = bits.take32();
  bits.at += -bits.at & 7;
  return bits.isBeyond ? undefined : { end };
}

/** What came and was not taken. A read that finds too little is done again when there is more. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #turn: () => Promise<void> | undefined;
  #bytes = new Uint8Array(64 * 1024 + slackBytes);
  #length = 0;
  #at = 0;
  #ended = false;
  /** A block is tried when as much as the last one took is here: most tries succeed. */
  #usual = 0;

  constructor(source: AsyncIterable<Uint8Array>, turn: () => Promise<void> | undefined) {
    this.#turn = turn;
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether another stream begins. */
  async begins(): Promise<boolean> {
    while (this.#length * 8 === this.#at && !this.#ended) await this.#more();
    return this.#length * 8 > this.#at;
  }

  async read<T>(attempt: (bits: BitReader) => Steps<T | undefined>): Promise<T> {
    let wanted = this.#usual;
    for (;;) {
      while (!this.#ended && this.#length - (this.#at >>> 3) < wanted) await this.#more();
      const bits = new BitReader(this.#bytes, this.#length, this.#at);
      const found = await this.#tried(attempt, bits);
      if (found !== undefined) {
        this.#usual = Math.max(this.#usual >> 1, (bits.at - this.#at) >>> 3);
        this.#at = bits.at;
        return found;
      }
      if (this.#ended) throw new CodecFault("truncated", "the data ends too early");
      const here = this.#length - (this.#at >>> 3);
      if (here > longestBlock) throw new CodecFault("malformed", "a block without an end");
      wanted = Math.max(here + 1, Math.min(here * 2, longestBlock + 1));
    }
  }

  /** What is wrong beyond the end of what is here is not wrong yet: it was read as zeros. */
  async #tried<T>(attempt: (bits: BitReader) => Steps<T | undefined>, bits: BitReader): Promise<T | undefined> {
    try {
      return await stepping(attempt(bits), this.#turn);
    } catch (error) {
      if (bits.isBeyond && error instanceof CodecFault) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#source.next();
    if (done === true) {
      this.#ended = true;
      return;
    }
    const start = this.#at >>> 3;
    const kept = this.#length - start;
    if (this.#length + value.length + slackBytes > this.#bytes.length) {
      const needed = kept + value.length + slackBytes;
      const roomier = needed > this.#bytes.length ? new Uint8Array(needed * 2) : this.#bytes;
      roomier.set(this.#bytes.subarray(start, this.#length));
      this.#bytes = roomier;
      this.#at -= start * 8;
      this.#length = kept;
    }
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    this.#bytes.fill(0, this.#length, this.#length + slackBytes);
  }
}
