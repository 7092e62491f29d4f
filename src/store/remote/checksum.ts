/**
 * The checksum of a whole object that an answer brings, and the running one to hold against it. A checksum of parts (`-3`) says
 * nothing of the whole, and verifies nothing here.
 */
import { type ChecksumAlgorithm, type RunningChecksum, startChecksum } from "../../checksum/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";

/** In the order of what they cost here: a server that sends several leaves us the choice. */
const algorithms: readonly (readonly [header: string, algorithm: ChecksumAlgorithm])[] = [
  ["x-amz-checksum-crc32", "CRC32"],
  ["x-amz-checksum-sha1", "SHA1"],
  ["x-amz-checksum-sha256", "SHA256"],
  ["x-amz-checksum-crc32c", "CRC32C"],
  ["x-amz-checksum-crc64nvme", "CRC64NVME"],
];

/** The announced checksum of the bytes to come. */
export class ExpectedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly #announced: string;
  readonly #running: RunningChecksum;

  constructor(algorithm: ChecksumAlgorithm, announced: string) {
    this.algorithm = algorithm;
    this.#announced = announced;
    this.#running = startChecksum(algorithm);
  }

  update(chunk: Uint8Array): void {
    this.#running.update(chunk);
  }

  /** Whether all bytes so far make the announced value. To be asked once, at the end. */
  matches(): boolean {
    return Buffer.from(this.#running.digest()).toString("base64") === this.#announced;
  }
}

/** A fresh one for the answer's announced value; `undefined` when it announces none that can be verified. */
export function openChecksum(headers: ResponseHeaders): ExpectedChecksum | undefined {
  if (headers["x-amz-checksum-type"] === "COMPOSITE") return undefined;
  for (const [header, algorithm] of algorithms) {
    const announced = headers[header];
    if (announced !== undefined && !announced.includes("-")) return new ExpectedChecksum(algorithm, announced);
  }
  return undefined;
}
