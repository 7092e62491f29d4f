/** The checks that an xz stream may carry for each of its blocks. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { CodecFault } from "../codec-fault.ts";
import { Crc64 } from "./crc64.ts";

export interface Check {
  update(bytes: Uint8Array): void;
  /** As it is stored. */
  digest(): Uint8Array;
}

export const checkIds = { none: 0, crc32: 1, crc64: 4, sha256: 10 } as const;

/** By the number in the stream's header. Fault: unsupported. */
export function openCheck(id: number): Check {
  switch (id) {
    case checkIds.none:
      return { update: () => undefined, digest: () => new Uint8Array(0) };
    case checkIds.crc32:
      return new Crc32();
    case checkIds.crc64:
      return new Crc64();
    case checkIds.sha256: {
      const hash = createHash("sha256");
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
    default:
      throw new CodecFault("unsupported", `a check that no xz defines (${id})`);
  }
}

class Crc32 implements Check {
  #crc = 0;

  update(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, this.#crc);
  }

  digest(): Uint8Array {
    return crc32Bytes(this.#crc);
  }
}

/** As all of xz's own headers end. */
export function crc32Bytes(crc: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, crc, true);
  return bytes;
}

export function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
