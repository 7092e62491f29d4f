/** Bytes one after the other, handed on in pieces: small ones are gathered, large ones pass as they are. */

const roomBytes = 65_536;
/** From here on a text is encoded by itself: three bytes each would not fit into the room. */
const longText = 16_384;

export class ByteWriter {
  readonly #room = Buffer.allocUnsafeSlow(roomBytes);
  readonly #take: (bytes: Uint8Array) => void;
  #used = 0;

  /** `take` must be done with the bytes when it returns, unless they are as long as those that were given to `bytes`. */
  constructor(take: (bytes: Uint8Array) => void) {
    this.#take = take;
  }

  byte(value: number): void {
    if (this.#used === roomBytes) this.flush();
    this.#room[this.#used++] = value;
  }

  double(value: number): void {
    this.#need(8);
    // the bits of NaN are not one value's alone
    this.#used = this.#room.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, this.#used);
  }

  /** UTF-8, after its length. */
  text(value: string): void {
    const { length } = value;
    if (length >= longText) {
      this.bytes(Buffer.from(value, "utf8"));
      return;
    }
    this.#need(8 + length * 3);
    const start = this.#used + 8;
    const written = this.#ascii(value, start) ? length : this.#room.write(value, start, "utf8");
    this.#room.writeDoubleLE(written, this.#used);
    this.#used = start + written;
  }

  /** After their number. */
  bytes(value: Uint8Array): void {
    this.double(value.byteLength);
    if (value.byteLength <= this.#room.length - this.#used) {
      this.#room.set(value, this.#used);
      this.#used += value.byteLength;
      return;
    }
    this.flush();
    this.#take(value);
  }

  flush(): void {
    if (this.#used > 0) this.#take(this.#room.subarray(0, this.#used));
    this.#used = 0;
  }

  #need(count: number): void {
    if (this.#used + count > roomBytes) this.flush();
  }

  /** Short names are most of all texts, and a call of the engine costs more than they do. */
  #ascii(value: string, start: number): boolean {
    if (value.length > 32) return false;
    for (let at = 0; at < value.length; at += 1) {
      const unit = value.charCodeAt(at);
      if (unit >= 0x80) return false;
      this.#room[start + at] = unit;
    }
    return true;
  }
}

/** False with half a surrogate pair; the library's types are older than every Node that has the method. */
export function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
