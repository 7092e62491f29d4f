/** Bytes of numpy arrays as typed arrays, texts and bytes, in this machine's order. */
import type { PickledArrayValues } from "./array.ts";
import { malformed, notSupported } from "./fault.ts";

interface Dtype {
  readonly kind: string;
  readonly itemSize: number;
  readonly isBigEndian: boolean;
  readonly name: string;
}

type TypedArray = Exclude<PickledArrayValues, readonly unknown[]>;
type TypedArrayMaker = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray;
};

const makers: Readonly<Record<string, TypedArrayMaker>> = {
  ...{
    b1: Uint8Array,
    i1: Int8Array,
    u1: Uint8Array,
    i2: Int16Array,
    u2: Uint16Array,
    i4: Int32Array,
    u4: Uint32Array,
  },
  ...{ i8: BigInt64Array, u8: BigUint64Array, M8: BigInt64Array, m8: BigInt64Array },
  ...{ f4: Float32Array, f8: Float64Array, c8: Float32Array, c16: Float64Array },
};

/** Views where the bytes lie as they must, else copies. Fault: unsupported for kinds that JavaScript has no numbers for. */
export function decodeNumbers(data: Uint8Array, dtype: Dtype): PickledArrayValues {
  const code = `${dtype.kind}${dtype.itemSize}`;
  if (code === "f2") return halfFloats(data, dtype.isBigEndian);
  const Maker = makers[code];
  if (Maker === undefined) throw notSupported(`numpy values of type ${dtype.name}`, "change them to float64");
  const size = Maker.BYTES_PER_ELEMENT;
  const bytes = dtype.isBigEndian && size > 1 ? swapped(data, size) : aligned(data, size);
  return new Maker(bytes.buffer, bytes.byteOffset, bytes.length / size);
}

function aligned(data: Uint8Array, size: number): Uint8Array {
  return data.byteOffset % size === 0 ? data : data.slice();
}

function swapped(data: Uint8Array, size: number): Uint8Array {
  const copy = data.slice();
  const buffer = Buffer.from(copy.buffer, copy.byteOffset, copy.length);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
  return copy;
}

function halfFloats(data: Uint8Array, isBigEndian: boolean): Float32Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Float32Array.from({ length: data.length / 2 }, (_, at) => {
    const bits = view.getUint16(2 * at, !isBigEndian);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const sign = bits & 0x8000 ? -1 : 1;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return exponent === 0 ? sign * 2 ** -24 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
  });
}

/** `U`: four bytes for each character, filled up with zeros. */
export function fixedTexts(data: Uint8Array, count: number, itemSize: number, isBigEndian: boolean): string[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: count }, (_, item) => {
    let text = "";
    let end = (item + 1) * itemSize;
    const start = item * itemSize;
    while (end > start && view.getUint32(end - 4, true) === 0) end -= 4;
    for (let at = start; at < end; at += 4) {
      const code = view.getUint32(at, !isBigEndian);
      if (code > 0x10ffff) throw malformed("a character is none");
      text += String.fromCodePoint(code);
    }
    return text;
  });
}

/** `S`: bytes, filled up with zeros. */
export function fixedBytes(data: Uint8Array, count: number, itemSize: number): Uint8Array[] {
  return Array.from({ length: count }, (_, item) => {
    let end = (item + 1) * itemSize;
    while (end > item * itemSize && data[end - 1] === 0) end--;
    return data.subarray(item * itemSize, end);
  });
}
