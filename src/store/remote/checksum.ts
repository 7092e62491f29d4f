/**
 * The checksum of a whole object that an answer brings, and the running one to hold against it. Checksums of parts (`-3`) and
 * algorithms that are not here verify nothing.
 */
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ResponseHeaders } from "../../net/index.ts";

export interface RunningChecksum {
  /** For messages: `crc32`. */
  readonly name: string;
  update(chunk: Uint8Array): void;
  /** Whether all bytes so far make the announced value. */
  matches(): boolean;
}

class RunningCrc32 implements RunningChecksum {
  readonly name = "crc32";
  readonly #announced: string;
  #value = 0;

  constructor(announced: string) {
    this.#announced = announced;
  }

  update(chunk: Uint8Array): void {
    this.#value = crc32(chunk, this.#value);
  }

  matches(): boolean {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes.toString("base64") === this.#announced;
  }
}

class RunningHash implements RunningChecksum {
  readonly name: string;
  readonly #announced: string;
  readonly #hash: Hash;

  constructor(name: "sha1" | "sha256", announced: string) {
    this.name = name;
    this.#announced = announced;
    this.#hash = createHash(name);
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  matches(): boolean {
    return this.#hash.copy().digest("base64") === this.#announced;
  }
}

/** A fresh checksum for the answer's announced value; `undefined` when it announces none that can be verified. */
export function openChecksum(headers: ResponseHeaders): RunningChecksum | undefined {
  if (headers["x-amz-checksum-type"] === "COMPOSITE") return undefined;
  const crc = headers["x-amz-checksum-crc32"];
  if (crc !== undefined && !crc.includes("-")) return new RunningCrc32(crc);
  const sha256 = headers["x-amz-checksum-sha256"];
  if (sha256 !== undefined && !sha256.includes("-")) return new RunningHash("sha256", sha256);
  const sha1 = headers["x-amz-checksum-sha1"];
  return sha1 === undefined || sha1.includes("-") ? undefined : new RunningHash("sha1", sha1);
}
