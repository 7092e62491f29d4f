/** A zip: deflated where that makes it smaller, zip64 where it is needed. The same entries give the same bytes, as they come. */
import { crc32 } from "node:zlib";
import { type Bytes, deflateRaw, deflateRawAtOnce } from "../../codec/index.ts";
import type { PackEntry } from "../entry.ts";
import { isAscii } from "./names.ts";
import {
  centralBytes,
  elsewhere16,
  elsewhere32,
  end64Bytes,
  endBytes,
  extraIds,
  flagBits,
  localBytes,
  locatorBytes,
  methods,
  signatures,
} from "./signatures.ts";
import { dosTime, earliestMs } from "./times.ts";

const level = 6;
/** Files up to this size are compressed before their header is written; of others it follows. */
const wholeBytes = 1024 * 1024;
const atOnceBytes = 64 * 1024;
/** Above this a compressed size may need more than 32 bits. */
const largeBytes = 0xff00_0000;

interface Written {
  readonly nameBytes: Uint8Array;
  readonly isUtf8: boolean;
  readonly mode: number;
  readonly modifiedMs: number;
  readonly at: number;
  method: number;
  flags: number;
  crc: number;
  packedBytes: number;
  sizeBytes: number;
}

/** Errors: those of the entries. */
export async function* writeZip(entries: AsyncIterable<PackEntry>): AsyncGenerator<Bytes> {
  const index: Bytes[] = [];
  let indexBytes = 0;
  let at = 0;
  for await (const entry of entries) {
    const written = begun(entry, at);
    for await (const bytes of member(entry, written)) {
      at += bytes.length;
      yield bytes;
    }
    const line = centralRecord(written);
    index.push(line);
    indexBytes += line.length;
  }
  yield* index;
  yield endRecords(index.length, indexBytes, at);
}

function begun(entry: PackEntry, at: number): Written {
  const name = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  const mode = entry.kind === "folder" ? 0o040755 : entry.isExecutable ? 0o100755 : 0o100644;
  return {
    nameBytes: new TextEncoder().encode(name),
    isUtf8: !isAscii(name),
    mode,
    modifiedMs: entry.modifiedMs ?? earliestMs,
    at,
    method: methods.stored,
    flags: isAscii(name) ? 0 : flagBits.utf8,
    crc: 0,
    packedBytes: 0,
    sizeBytes: 0,
  };
}

async function* member(entry: PackEntry, written: Written): AsyncGenerator<Bytes> {
  if (entry.kind === "folder" || entry.sizeBytes === 0) {
    yield localHeader(written, false);
  } else if (entry.sizeBytes <= wholeBytes) {
    const plain = await gathered(entry);
    const packed = plain.length <= atOnceBytes ? deflateRawAtOnce(plain, level) : await deflatedWhole(plain);
    const isSmaller = packed.length < plain.length;
    written.method = isSmaller ? methods.deflated : methods.stored;
    written.crc = crc32(plain);
    written.sizeBytes = plain.length;
    written.packedBytes = isSmaller ? packed.length : plain.length;
    yield localHeader(written, false);
    yield isSmaller ? packed : plain;
  } else {
    yield* streamed(entry, written);
  }
}

async function* streamed(entry: PackEntry, written: Written): AsyncGenerator<Bytes> {
  const isLarge = entry.sizeBytes >= largeBytes;
  written.method = methods.deflated;
  written.flags |= flagBits.descriptor;
  yield localHeader(written, isLarge);
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const bytes of entry.open()) {
      written.crc = crc32(bytes, written.crc);
      written.sizeBytes += bytes.length;
      yield bytes;
    }
  }
  for await (const bytes of deflateRaw(counted(), level)) {
    written.packedBytes += bytes.length;
    yield bytes;
  }
  const fields = new Fields(isLarge ? 24 : 16);
  fields.u32(signatures.descriptor, written.crc);
  if (isLarge) fields.u64(written.packedBytes, written.sizeBytes);
  else fields.u32(written.packedBytes, written.sizeBytes);
  yield fields.bytes;
}

/** `isLarge`: the sizes follow in 64 bits, which a field has to announce. */
function localHeader(written: Written, isLarge: boolean): Bytes {
  const { nameBytes, crc, packedBytes, sizeBytes, flags } = written;
  const isLater = (flags & flagBits.descriptor) !== 0;
  const stamp = stampOf(written);
  const fields = new Fields(localBytes + nameBytes.length + (isLarge ? 20 : 0) + stamp.length);
  fields.u32(signatures.local);
  fields.u16(isLarge ? 45 : 20, flags, written.method);
  fields.u16(dosTime(written.modifiedMs).time, dosTime(written.modifiedMs).date);
  const sizes = isLarge ? [elsewhere32, elsewhere32] : [packedBytes, sizeBytes];
  fields.u32(isLater ? 0 : crc, ...(isLater && !isLarge ? [0, 0] : sizes));
  fields.u16(nameBytes.length, (isLarge ? 20 : 0) + stamp.length);
  fields.put(nameBytes);
  if (isLarge) {
    fields.u16(extraIds.zip64, 16);
    fields.u64(0, 0);
  }
  fields.put(stamp);
  return fields.bytes;
}

function centralRecord(written: Written): Bytes {
  const { nameBytes, at, packedBytes, sizeBytes } = written;
  const large = [sizeBytes, packedBytes, at].filter((value) => value >= elsewhere32);
  const extraBytes = large.length === 0 ? 0 : 4 + 8 * large.length;
  const stamp = stampOf(written);
  const fields = new Fields(centralBytes + nameBytes.length + extraBytes + stamp.length);
  const small = (value: number) => Math.min(value, elsewhere32);
  fields.u32(signatures.central);
  // made on Unix, by version 4.5 of the format
  const version = large.length > 0 || sizeBytes >= largeBytes ? 45 : 20;
  fields.u16((3 << 8) | 45, version, written.flags, written.method);
  fields.u16(dosTime(written.modifiedMs).time, dosTime(written.modifiedMs).date);
  fields.u32(written.crc, small(packedBytes), small(sizeBytes));
  fields.u16(nameBytes.length, extraBytes + stamp.length, 0, 0, 0);
  fields.u32(((written.mode << 16) | (written.mode & 0o040000 ? 0x10 : 0)) >>> 0, small(at));
  fields.put(nameBytes);
  if (large.length > 0) {
    fields.u16(extraIds.zip64, 8 * large.length);
    fields.u64(...large);
  }
  fields.put(stamp);
  return fields.bytes;
}

/** The time to the second and without a zone; not for the fixed one, which says nothing. */
function stampOf({ modifiedMs }: Written): Uint8Array {
  const seconds = Math.floor(modifiedMs / 1000);
  if (modifiedMs === earliestMs || seconds < -(2 ** 31) || seconds >= 2 ** 31) return new Uint8Array(0);
  const fields = new Fields(9);
  fields.u16(extraIds.timestamp, 5);
  fields.put(Uint8Array.of(1));
  fields.u32(seconds >>> 0);
  return fields.bytes;
}

function endRecords(entries: number, sizeBytes: number, at: number): Bytes {
  const isLarge = entries >= elsewhere16 || sizeBytes >= elsewhere32 || at >= elsewhere32;
  const fields = new Fields((isLarge ? end64Bytes + locatorBytes : 0) + endBytes);
  if (isLarge) {
    fields.u32(signatures.end64);
    fields.u64(end64Bytes - 12);
    fields.u16((3 << 8) | 45, 45);
    fields.u32(0, 0);
    fields.u64(entries, entries, sizeBytes, at);
    fields.u32(signatures.locator64, 0);
    fields.u64(at + sizeBytes);
    fields.u32(1);
  }
  const count = Math.min(entries, elsewhere16);
  fields.u32(signatures.end);
  fields.u16(0, 0, count, count);
  fields.u32(Math.min(sizeBytes, elsewhere32), Math.min(at, elsewhere32));
  fields.u16(0);
  return fields.bytes;
}

async function gathered(entry: PackEntry): Promise<Bytes> {
  const plain = new Uint8Array(entry.sizeBytes);
  let at = 0;
  for await (const bytes of entry.open()) {
    plain.set(bytes, at);
    at += bytes.length;
  }
  return plain;
}

async function deflatedWhole(plain: Uint8Array): Promise<Bytes> {
  async function* once() {
    yield plain;
  }
  const parts: Uint8Array[] = [];
  for await (const bytes of deflateRaw(once(), level)) parts.push(bytes);
  return Buffer.concat(parts);
}

/** Numbers one after the other, the low byte first. */
class Fields {
  readonly bytes: Bytes;
  readonly #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(...values: readonly number[]): void {
    for (const value of values) this.#view.setUint16(this.#next(2), value, true);
  }

  u32(...values: readonly number[]): void {
    for (const value of values) this.#view.setUint32(this.#next(4), value, true);
  }

  u64(...values: readonly number[]): void {
    for (const value of values) this.#view.setBigUint64(this.#next(8), BigInt(value), true);
  }

  #next(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }
}
