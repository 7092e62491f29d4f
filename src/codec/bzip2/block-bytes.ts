/** The bytes of a block that was read: the links walked, the runs of four undone, in pieces, so that a bomb is seen early. */
import type { Bytes } from "../bytes.ts";
import { CodecFault } from "../codec-fault.ts";
import { crcTable } from "./crc.ts";
import type { Block } from "./read-block.ts";

const pieceBytes = 128 * 1024;

/** Fault: integrity, after the last piece. */
export function* blockBytes({ crc: expected, length, first }: Block, links: Uint32Array): Generator<Bytes> {
  let piece = new Uint8Array(pieceBytes);
  let filled = 0;
  let place = first;
  let last = -1;
  let same = 0;
  let crc = -1;
  for (let left = length; left > 0; left -= 1) {
    const entry = links[place] ?? 0;
    const byte = entry & 0xff;
    place = entry >>> 8;
    if (same === 4) {
      // the fifth of equal bytes says how often the byte comes once more
      for (let more = byte; more > 0; more -= 1) crc = (crc << 8) ^ (crcTable[(crc >>> 24) ^ last] ?? 0);
      piece.fill(last, filled, filled + byte);
      filled += byte;
      same = 0;
      last = -1;
    } else {
      same = byte === last ? same + 1 : 1;
      last = byte;
      piece[filled] = byte;
      filled += 1;
      crc = (crc << 8) ^ (crcTable[(crc >>> 24) ^ byte] ?? 0);
    }
    if (filled >= pieceBytes - 256) {
      yield piece.subarray(0, filled);
      piece = new Uint8Array(pieceBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.slice(0, filled);
  if (~crc !== expected) throw new CodecFault("integrity", "a block does not match its checksum");
}
