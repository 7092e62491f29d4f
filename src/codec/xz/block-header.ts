/** What stands before a block: its sizes, where they are known, and its filters, of which LZMA2 alone is known here. */
import { crc32 } from "node:zlib";
import { CodecFault } from "../codec-fault.ts";
import { crc32Bytes, isSame } from "./checks.ts";
import { readNumber } from "./numbers.ts";

export interface BlockHeader {
  readonly packedBytes: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly dictionarySize: number;
}

/** What decoding may take of memory at the most; `xz -9` asks for 64 MiB. */
const largestDictionary = 512 * 1024 * 1024;
const lzma2 = 0x21;

/** `header` begins with its size. Faults: malformed, integrity, unsupported, limit-exceeded. */
export async function readBlockHeader(header: Uint8Array): Promise<BlockHeader> {
  const end = header.length - 4;
  if (!isSame(crc32Bytes(crc32(header.subarray(0, end))), header.subarray(end)))
    throw new CodecFault("integrity", "a block's header does not match its checksum");
  let at = 2;
  const next = async (): Promise<number> => {
    if (at >= end) throw new CodecFault("malformed", "a block's header that ends too early");
    at += 1;
    return header[at - 1] ?? 0;
  };
  const flags = header[1] ?? 0;
  if ((flags & 0x3c) !== 0) throw new CodecFault("unsupported", "a block with flags of a later time");
  const packedBytes = (flags & 0x40) === 0 ? undefined : await readNumber(next);
  const sizeBytes = (flags & 0x80) === 0 ? undefined : await readNumber(next);
  const filters = (flags & 3) + 1;
  const id = await readNumber(next);
  const propertySize = await readNumber(next);
  if (filters > 1 || id !== lzma2) {
    throw new CodecFault("unsupported", "a filter besides LZMA2, as xz has them for programs (--x86, --delta)");
  }
  if (propertySize !== 1) throw new CodecFault("malformed", "LZMA2 with properties of the wrong size");
  const dictionarySize = dictionarySizeOf(await next());
  while (at < end) if ((await next()) !== 0) throw new CodecFault("malformed", "a block's header with padding");
  return { packedBytes, sizeBytes, dictionarySize };
}

function dictionarySizeOf(bits: number): number {
  if (bits > 40) throw new CodecFault("malformed", "a dictionary of no size");
  const size = bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
  assertRoomFor(size);
  return size;
}

/** Fault: limit-exceeded. */
export function assertRoomFor(dictionarySize: number): void {
  if (dictionarySize <= largestDictionary) return;
  throw new CodecFault("limit-exceeded", `decoding it takes ${Math.round(dictionarySize / 1024 ** 2)} MiB of memory`);
}
