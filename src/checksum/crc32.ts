/** CRC-32 as in gzip and zip (ISO-HDLC): the checksum that AWS clients send by default. */
import { crc32 as zlibCrc32 } from "node:zlib";

/** The CRC-32 of `bytes`, continued from `seed` (the CRC of what came before). Unsigned 32 bits. */
export function crc32(bytes: Uint8Array, seed = 0): number {
  return zlibCrc32(bytes, seed);
}
