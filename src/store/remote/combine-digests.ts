/** The digest of two pieces from the digests of each, where the algorithm allows it: for parts that come side by side. */
import {
  type ChecksumAlgorithm,
  combineCrc32,
  combineCrc32c,
  combineCrc64nvme,
  digestBytes,
} from "../../checksum/index.ts";

type Digest = Uint8Array<ArrayBuffer>;

/** Whether a checksum of this kind can be put together from those of parts. */
export function isCombinable(algorithm: ChecksumAlgorithm): boolean {
  return algorithm === "CRC32" || algorithm === "CRC32C" || algorithm === "CRC64NVME";
}

/** The digest of both, one behind the other; `secondBytes` is the length of the second piece. */
export function combineDigests(
  algorithm: ChecksumAlgorithm,
  first: Digest,
  second: Digest,
  secondBytes: number,
): Digest {
  const combined = new Uint8Array(digestBytes[algorithm]);
  const view = viewOf(combined);
  if (algorithm === "CRC64NVME") {
    view.setBigUint64(0, combineCrc64nvme(viewOf(first).getBigUint64(0), viewOf(second).getBigUint64(0), secondBytes));
  } else {
    const combine = algorithm === "CRC32" ? combineCrc32 : combineCrc32c;
    view.setUint32(0, combine(viewOf(first).getUint32(0), viewOf(second).getUint32(0), secondBytes));
  }
  return combined;
}

function viewOf({ buffer, byteOffset, byteLength }: Digest): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
