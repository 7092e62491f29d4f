/** What Arrow's metadata is written in: tables of numbered fields, each read where it lies. RangeError for what lies outside. */

export class FlatTable {
  readonly #bytes: Buffer;
  readonly #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Of the whole: where it begins is written first. */
  static root(bytes: Uint8Array): FlatTable {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(buffer, buffer.readUInt32LE(0));
  }

  /** A number of 8 or 16 bits; 0 where it is left out. */
  small(id: number, bits: 8 | 16 = 8): number {
    const at = this.#place(id);
    if (at === undefined) return 0;
    return bits === 8 ? this.#bytes.readUInt8(at) : this.#bytes.readInt16LE(at);
  }

  /** A number of 32 bits; `undefined` where it is left out. */
  int(id: number): number | undefined {
    const at = this.#place(id);
    return at === undefined ? undefined : this.#bytes.readInt32LE(at);
  }

  /** A number of 64 bits; 0 where it is left out. */
  large(id: number): bigint {
    const at = this.#place(id);
    return at === undefined ? 0n : this.#bytes.readBigInt64LE(at);
  }

  table(id: number): FlatTable | undefined {
    const at = this.#place(id);
    return at === undefined ? undefined : new FlatTable(this.#bytes, at + this.#bytes.readUInt32LE(at));
  }

  tables(id: number): readonly FlatTable[] {
    return this.#items(id, 4, (at) => new FlatTable(this.#bytes, at + this.#bytes.readUInt32LE(at)));
  }

  /** How many items a list has, as it says itself. */
  count(id: number): number {
    const at = this.#place(id);
    return at === undefined ? 0 : this.#bytes.readUInt32LE(at + this.#bytes.readUInt32LE(at));
  }

  text(id: number): string | undefined {
    const place = this.#place(id);
    if (place === undefined) return undefined;
    const start = place + this.#bytes.readUInt32LE(place);
    const length = this.#bytes.readUInt32LE(start);
    if (length > this.#bytes.length - start - 4) throw new RangeError("more text than bytes");
    return this.#bytes.toString("utf8", start + 4, start + 4 + length);
  }

  /** In the bytes themselves. RangeError for a text that is longer than the one that is there. */
  shorten(id: number, text: string): void {
    const [place, before] = [this.#place(id), this.text(id)];
    if (place === undefined || before === undefined || Buffer.byteLength(text) > Buffer.byteLength(before))
      throw new RangeError("no room for the text");
    const start = place + this.#bytes.readUInt32LE(place);
    this.#bytes.fill(0, start + 4, start + 4 + Buffer.byteLength(before));
    this.#bytes.writeUInt32LE(this.#bytes.write(text, start + 4), start);
  }

  /** In the bytes themselves: an 8-bit number that is there. */
  replaceSmall(id: number, value: number): void {
    const at = this.#place(id);
    if (at !== undefined) this.#bytes.writeUInt8(value, at);
  }

  /** Numbers of 64 bits, `width` of them to an item. */
  numbers(id: number, width = 1): readonly (readonly bigint[])[] {
    return this.#items(id, 8 * width, (at) =>
      Array.from({ length: width }, (_, index) => this.#bytes.readBigInt64LE(at + 8 * index)),
    );
  }

  #items<T>(id: number, size: number, of: (at: number) => T): readonly T[] {
    const place = this.#place(id);
    if (place === undefined) return [];
    const start = place + this.#bytes.readUInt32LE(place);
    const length = this.#bytes.readUInt32LE(start);
    if (length * size > this.#bytes.length - start) throw new RangeError("more items than bytes");
    return Array.from({ length }, (_, index) => of(start + 4 + index * size));
  }

  #place(id: number): number | undefined {
    const fields = this.#at - this.#bytes.readInt32LE(this.#at);
    const size = this.#bytes.readUInt16LE(fields);
    const offset = 4 + 2 * id + 2 > size ? 0 : this.#bytes.readUInt16LE(fields + 4 + 2 * id);
    return offset === 0 ? undefined : this.#at + offset;
  }
}
