/** Bits, the highest first, into bytes; what is not a whole byte yet waits. */
import type { Bytes } from "../bytes.ts";

export class BitWriter {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;
  #waiting = 0;
  #count = 0;

  /** Up to 24 bits. */
  put(count: number, value: number): void {
    this.#waiting = (this.#waiting << count) | value;
    this.#count += count;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#byte((this.#waiting >>> this.#count) & 0xff);
    }
    this.#waiting &= (1 << this.#count) - 1;
  }

  put32(value: number): void {
    this.put(16, value >>> 16);
    this.put(16, value & 0xffff);
  }

  /** Zeros up to the next whole byte. */
  align(): void {
    if (this.#count > 0) this.put(8 - this.#count, 0);
  }

  /** The whole bytes since the last call. */
  taken(): Bytes {
    const bytes = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const longer = new Uint8Array(this.#bytes.length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }
}
