/** bzip2, encoded: blocks of `level` times 100 kB, of which one is held. The same bytes and level give the same result. */
import type { Bytes } from "../bytes.ts";
import { stepping, takingTurns } from "../turns.ts";
import { endMagic, levelBytes } from "./block-format.ts";
import { combinedCrc, crcTable } from "./crc.ts";
import { BitWriter } from "./write-bits.ts";
import { writeBlock } from "./write-block.ts";

/** Bytes that are taken before others get their turn. */
const pieceBytes = 64 * 1024;

/** Encodes a stream. `level` 1 to 9. */
export async function* bzip2(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Bytes> {
  const bits = new BitWriter();
  const turn = takingTurns();
  const block = new RunBlock(level * levelBytes - 19);
  let crc = 0;
  bits.put(24, 0x42_5a_68);
  bits.put(8, 0x30 + level);
  async function* written(): AsyncGenerator<Bytes> {
    const { bytes, crc: own } = block.taken();
    if (bytes.length === 0) return;
    await stepping(writeBlock(bits, bytes, own), turn);
    crc = combinedCrc(crc, own);
    yield bits.taken();
  }
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      at = block.add(chunk, at, Math.min(chunk.length, at + pieceBytes));
      if (block.isFull) yield* written();
      await turn();
    }
  }
  block.end();
  yield* written();
  bits.put(24, endMagic[0]);
  bits.put(24, endMagic[1]);
  bits.put32(crc);
  bits.align();
  yield bits.taken();
}

/** A block on its way: four equal bytes are followed by how often the byte comes once more. */
class RunBlock {
  readonly #bytes: Uint8Array;
  readonly #most: number;
  #length = 0;
  #crc = -1;
  #last = -1;
  #run = 0;

  constructor(most: number) {
    this.#most = most;
    // a run that waits adds up to five
    this.#bytes = new Uint8Array(most + 8);
  }

  get isFull(): boolean {
    return this.#length >= this.#most - 5;
  }

  /** Takes bytes from `start` until it is full or `end` is reached; gives where it stopped. */
  add(chunk: Uint8Array, start: number, end: number): number {
    let at = start;
    for (; at < end && !this.isFull; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === this.#last && this.#run < 255) {
        this.#run += 1;
        continue;
      }
      this.end();
      this.#last = byte;
      this.#run = 1;
    }
    return at;
  }

  /** Writes down the run that waits. */
  end(): void {
    const { left, byte } = { left: this.#run, byte: this.#last };
    if (left === 0) return;
    let crc = this.#crc;
    for (let count = left; count > 0; count -= 1) crc = (crc << 8) ^ (crcTable[(crc >>> 24) ^ byte] ?? 0);
    this.#crc = crc;
    const written = Math.min(left, 4);
    this.#bytes.fill(byte, this.#length, this.#length + written);
    this.#length += written;
    if (left >= 4) {
      this.#bytes[this.#length] = left - 4;
      this.#length += 1;
    }
    this.#run = 0;
    this.#last = -1;
  }

  /** What is in it, with its checksum; then it is empty. A run that waits stays for the next one. */
  taken(): { readonly bytes: Uint8Array; readonly crc: number } {
    const taken = { bytes: this.#bytes.subarray(0, this.#length), crc: ~this.#crc };
    this.#length = 0;
    this.#crc = -1;
    return taken;
  }
}
