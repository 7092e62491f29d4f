/**
 * An ETag as a digest of the bytes: the MD5 of all, or the MD5 of the parts' MD5s, whose sizes an ETag does not tell but its number
 * of parts narrows down.
 */
import { type RunningChecksum, startChecksum } from "../../checksum/index.ts";

const mebibyte = 1024 ** 2;
/** How clients divide large objects, the likeliest first, MiB: this one and the AWS CLI, SDKs, rclone, s5cmd, s3cmd … */
const usualParts = [8, 5, 16, 10, 50, 64, 15, 100, 32, 20, 25, 128, 256, 512, 1024, 5120];
/** Each costs the hashing of the whole object. */
const mostGuesses = 6;

export interface EtagDigest {
  /** 32 hexadecimal digits in lower case. */
  readonly md5: string;
  /** 0: of all bytes. Else of so many parts' MD5s. */
  readonly parts: number;
}

/** `undefined` for an ETag that can be no MD5. One that looks like it may still be none, e.g. under KMS. */
export function etagDigest(etag: string): EtagDigest | undefined {
  const match = /^"([0-9a-f]{32})(?:-([1-9]\d{0,4}))?"$/i.exec(etag);
  if (match === null) return undefined;
  return { md5: (match[1] ?? "").toLowerCase(), parts: Number(match[2] ?? 0) };
}

/** Sizes of parts, bytes, with which an object of this size has so many of them; the likeliest first, at most six. */
export function likelyPartSizes(sizeBytes: number, parts: number): readonly number[] {
  if (parts === 1) return [sizeBytes];
  const fits = (partBytes: number) => partBytes > 0 && Math.ceil(sizeBytes / partBytes) === parts;
  // Beyond 10,000 parts of the usual size clients take the smallest that does, rounded up in their own ways.
  const least = Math.ceil(sizeBytes / parts);
  const leastMiB = Math.ceil(least / mebibyte) * mebibyte;
  const guesses = [...usualParts.map((size) => size * mebibyte), leastMiB, least, leastMiB + mebibyte];
  return [...new Set(guesses.filter(fits))].slice(0, mostGuesses);
}

/** Digests bytes that come in order as an upload in parts of this size would leave them in its ETag. */
export class PartedMd5 {
  readonly #partBytes: number;
  readonly #ofParts: RunningChecksum = startChecksum("MD5");
  #ofPart: RunningChecksum = startChecksum("MD5");
  #inPart = 0;

  /** `partBytes` from 1. */
  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength; ) {
      if (this.#inPart === this.#partBytes) this.#endPart();
      const piece = chunk.subarray(at, at + this.#partBytes - this.#inPart);
      this.#ofPart.update(piece);
      this.#inPart += piece.byteLength;
      at += piece.byteLength;
    }
  }

  digest(): Uint8Array<ArrayBuffer> {
    this.#endPart();
    return this.#ofParts.digest();
  }

  #endPart(): void {
    this.#ofParts.update(this.#ofPart.digest());
    this.#ofPart = startChecksum("MD5");
    this.#inPart = 0;
  }
}
