/** Reads a pickle from its first byte to its last. Nothing is trusted: every length is held against what is left. */
import { endsEarly } from "./fault.ts";
import { utf8Text } from "./utf8.ts";

export class Cursor {
  at = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** Where `length` bytes begin, which are then behind. Fault: truncated. */
  #pass(length: number): number {
    const start = this.at;
    if (!(length >= 0 && length <= this.#bytes.length - start)) throw endsEarly();
    this.at = start + length;
    return start;
  }

  /** Fault: truncated when fewer bytes than that are left. */
  expect(length: number): void {
    if (length > this.left) throw endsEarly();
  }

  uint8(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw endsEarly();
    this.at++;
    return byte;
  }

  uint16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#pass(4), true);
  }

  /** A length of 64 bits that fits what is left. */
  length64(): number {
    const length = this.#view.getBigUint64(this.#pass(8), true);
    if (length > BigInt(this.left)) throw endsEarly();
    return Number(length);
  }

  float64(): number {
    return this.#view.getFloat64(this.#pass(8), false);
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#pass(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length);
  }

  text(length: number): string {
    const start = this.#pass(length);
    return utf8Text(this.#bytes, start, start + length);
  }

  latin1(length: number): string {
    const start = this.#pass(length);
    return this.#bytes.toString("latin1", start, start + length);
  }

  /** Up to the next line feed, which is behind then. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.at);
    if (end < 0) throw endsEarly();
    const text = this.#bytes.toString("latin1", this.at, end);
    this.at = end + 1;
    return text;
  }
}
