/** Checksums of bytes, whole or in pieces. Pure. */
export { combineCrc32, combineCrc32c, combineCrc64nvme } from "./combine.ts";
export { crc32 } from "./crc32.ts";
export { crc32c } from "./crc32c.ts";
export { crc64nvme } from "./crc64nvme.ts";
export {
  type ChecksumAlgorithm,
  checksumOf,
  digestBytes,
  type RunningChecksum,
  startChecksum,
} from "./running-checksum.ts";
