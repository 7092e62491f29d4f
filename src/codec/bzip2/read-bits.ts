/** Bits, the highest first, of bytes that lie in memory. Reading beyond the end gives zeros; `isBeyond` tells. */

/** What must lie behind the data, so that no read leaves the array. */
export const slackBytes = 256;

export class BitReader {
  readonly bytes: Uint8Array;
  /** In bits, from the start of `bytes`. */
  at: number;
  readonly #end: number;

  /** `bytes` has `slackBytes` zeros behind its first `length`. */
  constructor(bytes: Uint8Array, length: number, at: number) {
    this.bytes = bytes;
    this.at = at;
    this.#end = length * 8;
  }

  get isBeyond(): boolean {
    return this.at > this.#end;
  }

  /** Up to 24 bits, not taken. */
  peek(count: number): number {
    const { bytes, at } = this;
    const byte = at >>> 3;
    const word =
      ((bytes[byte] ?? 0) << 24) |
      ((bytes[byte + 1] ?? 0) << 16) |
      ((bytes[byte + 2] ?? 0) << 8) |
      (bytes[byte + 3] ?? 0);
    return (word << (at & 7)) >>> (32 - count);
  }

  /** Up to 24 bits. */
  take(count: number): number {
    const value = this.peek(count);
    this.at += count;
    return value;
  }

  take32(): number {
    const high = this.take(16);
    return (high << 16) | this.take(16);
  }
}
