/** The operations of a pickle as bytes. Large data is not copied before the end. */
import { utf8Bytes } from "./utf8.ts";

/** From here on bytes are a chunk of their own. */
const large = 32_768;

export class Out {
  readonly protocol: number;
  readonly #chunks: Uint8Array[] = [];
  #buffer: Buffer = Buffer.allocUnsafeSlow(65_536);
  #used = 0;

  constructor(protocol: number) {
    this.protocol = protocol;
    this.op(0x80);
    this.op(protocol);
  }

  /** All that was written. */
  bytes(): Uint8Array<ArrayBuffer> {
    this.#flush(0);
    return Buffer.concat(this.#chunks);
  }

  op(code: number): void {
    if (this.#used === this.#buffer.length) this.#flush(65_536);
    this.#buffer[this.#used++] = code;
  }

  int(value: number): void {
    if (value >= 0 && value < 256) {
      this.op(0x4b);
      this.op(value);
    } else if (value >= 0 && value < 65_536) {
      this.op(0x4d);
      this.op(value & 0xff);
      this.op(value >> 8);
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.op(0x4a);
      this.#uint32(value >>> 0);
    } else this.bigInt(BigInt(value));
  }

  bigInt(value: bigint): void {
    const digits = (value < 0n ? -value : value).toString(16).length;
    const length = Math.floor(digits / 2) + 1;
    const hex = BigInt.asUintN(8 * length, value)
      .toString(16)
      .padStart(2 * length, "0");
    const bytes = Buffer.from(hex, "hex").reverse();
    if (length < 256) {
      this.op(0x8a);
      this.op(length);
    } else {
      this.op(0x8b);
      this.#uint32(length);
    }
    this.#raw(bytes);
  }

  float(value: number): void {
    this.op(0x47);
    this.#room(8);
    this.#used = this.#buffer.writeDoubleBE(value, this.#used);
  }

  text(text: string): void {
    if (text.length < 128 && this.#shortAscii(text)) return;
    this.utf8(utf8Bytes(text));
  }

  /** A text that is UTF-8 already. */
  utf8(bytes: Uint8Array): void {
    this.#sized(bytes, this.protocol >= 4 ? 0x8c : undefined, 0x58, 0x8d);
  }

  /** Most texts, in a third of the time; false where nothing was written. */
  #shortAscii(text: string): boolean {
    const { length } = text;
    this.#room(length + 5);
    const head = this.protocol >= 4 ? 2 : 5;
    const buffer = this.#buffer;
    const start = this.#used + head;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) return false;
      buffer[start + at] = code;
    }
    if (head === 2) this.#short(0x8c, length);
    else this.#long(0x58, length);
    this.#used += length;
    return true;
  }

  /** Protocol 3 and later have them. */
  data(bytes: Uint8Array): void {
    this.#sized(bytes, 0x43, 0x42, 0x8e);
  }

  put(place: number): void {
    if (this.protocol >= 4) this.op(0x94);
    else if (place < 256) this.#short(0x71, place);
    else this.#long(0x72, place);
  }

  get(place: number): void {
    if (place < 256) this.#short(0x68, place);
    else this.#long(0x6a, place);
  }

  /** A name in the form of protocols before 4. */
  globalLine(module: string, name: string): void {
    this.op(0x63);
    this.#raw(Buffer.from(`${module}\n${name}\n`, "utf8"));
  }

  #short(code: number, value: number): void {
    this.op(code);
    this.op(value);
  }

  #long(code: number, value: number): void {
    this.op(code);
    this.#uint32(value);
  }

  #uint32(value: number): void {
    this.#room(4);
    this.#used = this.#buffer.writeUInt32LE(value, this.#used);
  }

  /** RangeError for what no operation of the protocol has a length for. */
  #sized(bytes: Uint8Array, short: number | undefined, middle: number, long: number): void {
    const { length } = bytes;
    if (length < 256 && short !== undefined) this.#short(short, length);
    else if (length < 2 ** 32) this.#long(middle, length);
    else if (this.protocol >= 4) {
      this.op(long);
      this.#room(8);
      this.#used = this.#buffer.writeBigUInt64LE(BigInt(length), this.#used);
    } else throw new RangeError(`protocol ${this.protocol} has no room for ${length} bytes: use protocol 4`);
    this.#raw(bytes);
  }

  #raw(bytes: Uint8Array): void {
    if (bytes.length >= large) {
      this.#flush(65_536);
      this.#chunks.push(bytes);
      return;
    }
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #room(length: number): void {
    if (this.#used + length > this.#buffer.length) this.#flush(65_536);
  }

  #flush(next: number): void {
    this.#chunks.push(this.#buffer.subarray(0, this.#used));
    this.#buffer = Buffer.allocUnsafeSlow(next);
    this.#used = 0;
  }
}
