/**
 * Thrift's compact protocol, as Parquet's footer uses it: bytes ↔ fields by number, with their types kept, so that what is not
 * understood here is written again as it was.
 */
import { EntrepotError } from "../../error/index.ts";

/** A field's value by its type on the wire. */
export type Value =
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "byte" | "i16" | "i32" | "i64"; readonly value: bigint }
  | { readonly type: "double" | "binary"; readonly value: Uint8Array }
  | { readonly type: "list" | "set"; readonly of: number; readonly items: readonly Value[] }
  | { readonly type: "struct"; readonly fields: Fields };
export type Fields = ReadonlyMap<number, Value>;

const integers: Readonly<Record<number, "byte" | "i16" | "i32" | "i64">> = { 3: "byte", 4: "i16", 5: "i32", 6: "i64" };
const codes = { byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, struct: 12 } as const;
const deepest = 64;

/** Error: malformed for what is no such struct. */
export function readStruct(bytes: Uint8Array): Fields {
  return new Reader(bytes).struct(0);
}

export function writeStruct(fields: Fields): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.struct(fields);
  return writer.bytes();
}

function broken(): EntrepotError {
  return new EntrepotError("malformed", "the footer of the Parquet file is damaged", {
    hint: "was it written to its end? copy it anew from where it was made",
  });
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(depth: number): Map<number, Value> {
    if (depth > deepest) throw broken();
    const fields = new Map<number, Value>();
    for (let id = 0; ; ) {
      const header = this.#byte();
      if (header === 0) return fields;
      const delta = header >> 4;
      id = delta === 0 ? Number(this.#zigzag()) : id + delta;
      const code = header & 0x0f;
      fields.set(id, code === 1 || code === 2 ? { type: "boolean", value: code === 1 } : this.#value(code, depth));
    }
  }

  #value(code: number, depth: number): Value {
    const integer = integers[code];
    if (integer === "byte") return { type: "byte", value: BigInt(this.#byte()) };
    if (integer !== undefined) return { type: integer, value: this.#zigzag() };
    if (code === 7) return { type: "double", value: this.#take(8) };
    if (code === 8) return { type: "binary", value: this.#take(this.#length()) };
    if (code === 9 || code === 10) return this.#list(code, depth + 1);
    if (code === 12) return { type: "struct", fields: this.struct(depth + 1) };
    throw broken();
  }

  #list(code: 9 | 10, depth: number): Value {
    const header = this.#byte();
    const of = header & 0x0f;
    const size = header >> 4 === 15 ? this.#length() : header >> 4;
    // every item is at least a byte, so a number beyond the bytes left is a lie
    if (size > this.#bytes.length - this.#at || depth > deepest) throw broken();
    const items: Value[] = [];
    for (let index = 0; index < size; index += 1)
      items.push(of <= 2 ? { type: "boolean", value: this.#byte() === 1 } : this.#value(of, depth));
    return { type: code === 9 ? "list" : "set", of, items };
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw broken();
    this.#at += 1;
    return byte;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw broken();
    this.#at += length;
    return this.#view.subarray(this.#at - length, this.#at);
  }

  #length(): number {
    const length = this.#varint();
    if (length > 0x7fffffffn) throw broken();
    return Number(length);
  }

  #varint(): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw broken();
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }
}

class Writer {
  readonly #chunks: Uint8Array[] = [];
  #small: number[] = [];

  struct(fields: Fields): void {
    let before = 0;
    for (const [id, value] of [...fields].sort(([a], [b]) => a - b)) {
      const code = value.type === "boolean" ? (value.value ? 1 : 2) : codes[value.type];
      const delta = id - before;
      if (delta > 0 && delta <= 15) this.#small.push((delta << 4) | code);
      else {
        this.#small.push(code);
        this.#zigzag(BigInt(id));
      }
      if (value.type !== "boolean") this.#value(value);
      before = id;
    }
    this.#small.push(0);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    this.#flush();
    return Uint8Array.from(Buffer.concat(this.#chunks));
  }

  #value(value: Value): void {
    switch (value.type) {
      case "boolean":
        this.#small.push(value.value ? 1 : 2);
        break;
      case "byte":
        this.#small.push(Number(value.value) & 0xff);
        break;
      case "double":
        this.#raw(value.value);
        break;
      case "binary":
        this.#varint(BigInt(value.value.length));
        this.#raw(value.value);
        break;
      case "list":
      case "set":
        if (value.items.length < 15) this.#small.push((value.items.length << 4) | value.of);
        else {
          this.#small.push(0xf0 | value.of);
          this.#varint(BigInt(value.items.length));
        }
        for (const item of value.items) this.#value(item);
        break;
      case "struct":
        this.struct(value.fields);
        break;
      default:
        this.#zigzag(value.value);
    }
  }

  #raw(bytes: Uint8Array): void {
    this.#flush();
    this.#chunks.push(bytes);
  }

  #flush(): void {
    if (this.#small.length === 0) return;
    this.#chunks.push(Uint8Array.from(this.#small));
    this.#small = [];
  }

  #zigzag(value: bigint): void {
    this.#varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  }

  #varint(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.#small.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#small.push(Number(rest));
  }
}
