/** The bytes of one member: its own header held against the index, then decoded, counted and checked. */
import { crc32 } from "node:zlib";
import {
  ByteFeed,
  type Bytes,
  type Compression,
  decode,
  inflateRaw,
  inflateRawAtOnce,
  unlzma,
} from "../../codec/index.ts";
import { archiveError, shownName } from "../archive-error.ts";
import type { ArchiveMeter } from "../limits.ts";
import { viewOf } from "./end-record.ts";
import { elsewhere32, extraIds, flagBits, localBytes, methods, otherMethods, signatures } from "./signatures.ts";
import type { ZipIndex } from "./zip-index.ts";
import { parseExtras, type ZipRecord } from "./zip-record.ts";

/** Small members are decoded at once. */
const atOnceBytes = 64 * 1024;
const atOnceSize = 1024 * 1024;
/** What a header may be longer than the index says, before a second question is asked. */
const headerSlack = 256;
const longestHeader = localBytes + 2 * 0xffff;
const longestDescriptor = 24;

/** Errors: malformed, integrity, truncated, unsupported (encrypted, other compressions), limit-exceeded, and those of the source. */
export async function* readMember(index: ZipIndex, record: ZipRecord, meter: ArchiveMeter): AsyncGenerator<Bytes> {
  if (isSmall(record)) return yield await readWhole(index, record, meter);
  const { uri } = index.source;
  assertReadable(record, uri);
  const { feed, limit } = openMember(index, record);
  try {
    const headerSize = await readLocal(feed, record, uri);
    const gap = gapOf(record, headerSize, limit, uri);
    const sum = new MemberSum(record, meter, uri);
    for await (const bytes of decoded(feed, record, meter, uri)) {
      sum.add(bytes);
      yield bytes;
    }
    sum.end();
    if ((record.flags & flagBits.descriptor) !== 0)
      checkDescriptor((await feed.take(Math.min(gap, longestDescriptor))).slice(), record, uri);
  } finally {
    await feed.close();
  }
}

/**
 * A small member: most are, and a stream for each would cost more than what is in it. Usually one read brings its header, its bytes and
 * what follows them. Errors as `readMember`.
 */
export async function readWhole(index: ZipIndex, record: ZipRecord, meter: ArchiveMeter): Promise<Bytes> {
  const { source } = index;
  assertReadable(record, source.uri);
  const limit = index.limitOf(record);
  const likely = likelyHeader(record) + record.packedBytes;
  const first = await source.read(record.headerAt, Math.min(limit, record.headerAt + likely));
  const needed = (headerSizeIn(first) ?? longestHeader) + record.packedBytes + longestDescriptor;
  const isEnough = first.length >= Math.min(limit - record.headerAt, needed);
  const bytes = isEnough ? first : await source.read(record.headerAt, Math.min(limit, record.headerAt + needed));
  const headerSize = headerSizeIn(bytes);
  if (headerSize === undefined) throw tooEarly(record, source.uri);
  return wholeMember(bytes, headerSize, record, meter, source.uri, limit);
}

function likelyHeader({ nameBytes, extraBytes }: ZipRecord): number {
  return localBytes + nameBytes.length + extraBytes + headerSlack;
}

export const isSmall = ({ method, packedBytes, sizeBytes }: ZipRecord): boolean =>
  (method === methods.deflated || method === methods.stored) && packedBytes <= atOnceBytes && sizeBytes <= atOnceSize;

function wholeMember(
  bytes: Uint8Array,
  headerSize: number,
  record: ZipRecord,
  meter: ArchiveMeter,
  uri: string,
  limit: number,
): Bytes {
  checkLocal(bytes.subarray(0, headerSize), record, uri);
  const gap = gapOf(record, headerSize, limit, uri);
  const end = headerSize + record.packedBytes;
  const plain = atOnce(bytes.subarray(headerSize, end), record, uri);
  const sum = new MemberSum(record, meter, uri);
  sum.add(plain);
  sum.end();
  if ((record.flags & flagBits.descriptor) !== 0)
    checkDescriptor(bytes.slice(end, end + Math.min(gap, longestDescriptor)), record, uri);
  return plain;
}

/** What lies between its bytes and the next entry. Error: malformed. */
function gapOf(record: ZipRecord, headerSize: number, limit: number, uri: string): number {
  const gap = limit - record.headerAt - headerSize - record.packedBytes;
  if (gap < 0) throw damaged(record, uri, "its bytes overlap those of another entry");
  return gap;
}

/** Counts what comes out and holds it against the index. */
class MemberSum {
  readonly #record: ZipRecord;
  readonly #meter: ArchiveMeter;
  readonly #uri: string;
  #crc = 0;
  #sizeBytes = 0;

  constructor(record: ZipRecord, meter: ArchiveMeter, uri: string) {
    this.#record = record;
    this.#meter = meter;
    this.#uri = uri;
  }

  add(bytes: Uint8Array): void {
    const { sizeBytes } = this.#record;
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes > sizeBytes)
      throw damaged(this.#record, this.#uri, `it expands to more than the ${sizeBytes} bytes it claims`);
    this.#meter.bytes(bytes.length);
    this.#crc = crc32(bytes, this.#crc);
  }

  end(): void {
    const { sizeBytes, crc } = this.#record;
    if (this.#sizeBytes !== sizeBytes)
      throw damaged(this.#record, this.#uri, `it has ${this.#sizeBytes} bytes and claims ${sizeBytes}`);
    if (this.#crc === crc) return;
    throw archiveError("integrity", this.#uri, `${named(this.#record, this.#uri)} does not match its checksum`);
  }
}

/** The first read brings what is likely needed, as one request. */
function openMember(index: ZipIndex, record: ZipRecord): { readonly feed: ByteFeed; readonly limit: number } {
  const { source } = index;
  const limit = index.limitOf(record);
  const first = Math.min(limit, record.headerAt + likelyHeader(record) + record.packedBytes);
  const chunks = inTurn(source.stream(record.headerAt, first), () => source.stream(first, limit));
  return { feed: new ByteFeed(chunks), limit };
}

async function* inTurn(
  first: AsyncIterable<Uint8Array>,
  second: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* second();
}

function assertReadable({ flags, method, name }: ZipRecord, uri: string): void {
  if ((flags & (flagBits.encrypted | flagBits.strong | flagBits.masked)) !== 0) {
    const message = `the archive ${uri} has an entry ${shownName(name)}, which is encrypted`;
    throw archiveError("unsupported", uri, message, "decrypt it with another program first, e.g. 7z");
  }
  if ((flags & flagBits.patched) !== 0 || !Object.values<number>(methods).includes(method)) {
    const message = `the archive ${uri} has an entry ${shownName(name)}, compressed by ${otherMethods[method] ?? `the method ${method}`}`;
    throw archiveError("unsupported", uri, message, "unpack it with another program, e.g. 7z");
  }
}

/** The size of the header that the bytes begin with; `undefined` where they are too few. */
function headerSizeIn(bytes: Uint8Array): number | undefined {
  if (bytes.length < localBytes) return undefined;
  const view = viewOf(bytes);
  const size = localBytes + view.getUint16(26, true) + view.getUint16(28, true);
  return size <= bytes.length ? size : undefined;
}

/** Takes the header and gives its size. */
async function readLocal(feed: ByteFeed, record: ZipRecord, uri: string): Promise<number> {
  const fixed = await feed.peek(localBytes);
  const ahead = fixed.length < localBytes ? 0 : viewOf(fixed).getUint16(26, true) + viewOf(fixed).getUint16(28, true);
  const header = (await exactly(feed, localBytes + ahead, record, uri)).slice();
  checkLocal(header, record, uri);
  return header.length;
}

/** What the header says and the index says must be the same. */
function checkLocal(header: Uint8Array, record: ZipRecord, uri: string): void {
  const view = viewOf(header);
  if (view.getUint32(0, true) !== signatures.local) throw damaged(record, uri, "it does not lie where the index says");
  const nameEnd = localBytes + view.getUint16(26, true);
  if (Buffer.compare(header.subarray(localBytes, nameEnd), record.nameBytes) !== 0)
    throw damaged(record, uri, "its own header has another name");
  const flags = view.getUint16(6, true);
  if (view.getUint16(8, true) !== record.method || ((flags ^ record.flags) & flagBits.encrypted) !== 0)
    throw damaged(record, uri, "its own header says another compression");
  if ((flags & flagBits.descriptor) !== 0) return;
  const hasLarge = () => parseExtras(header.subarray(nameEnd)).has(extraIds.zip64);
  const said = [view.getUint32(22, true), view.getUint32(18, true)];
  const expected = [record.sizeBytes, record.packedBytes];
  const isSame = said.every((value, at) => value === expected[at] || (value === elsewhere32 && hasLarge()));
  if (!isSame || view.getUint32(14, true) !== record.crc) throw damaged(record, uri, "its own header says other sizes");
}

function atOnce(bytes: Uint8Array, record: ZipRecord, uri: string): Bytes {
  if (record.method === methods.deflated) return inflateRawAtOnce(bytes, record.sizeBytes, uri);
  if (record.packedBytes !== record.sizeBytes) throw damaged(record, uri, "it is stored, and has two sizes");
  return Uint8Array.from(bytes);
}

async function* decoded(feed: ByteFeed, record: ZipRecord, meter: ArchiveMeter, uri: string): AsyncGenerator<Bytes> {
  const { method, flags, packedBytes, sizeBytes } = record;
  if (method === methods.stored) {
    if (packedBytes !== sizeBytes) throw damaged(record, uri, "it is stored, and has two sizes");
    return yield* packed(feed, record, uri) as AsyncGenerator<Bytes>;
  }
  let given = 0;
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const bytes of packed(feed, record, uri)) {
      given += bytes.length;
      yield bytes;
    }
  }
  let size = 0;
  const chunks =
    method === methods.deflated
      ? inflateRaw(watched(), uri)
      : method === methods.lzma
        ? unlzma(watched(), { sizeBytes, hasEnd: (flags & flagBits.marked) !== 0, uri })
        : decode(compressionOf(method), watched(), { uri });
  for await (const bytes of chunks) {
    size += bytes.length;
    meter.ratio(given, size);
    yield bytes;
  }
}

function compressionOf(method: number): Compression {
  return method === methods.bzip2 ? "bzip2" : method === methods.xz ? "xz" : "zstd";
}

async function* packed(feed: ByteFeed, record: ZipRecord, uri: string): AsyncGenerator<Uint8Array> {
  for (let left = record.packedBytes; left > 0; ) {
    const bytes = await feed.takeSome(Math.min(left, 256 * 1024));
    if (bytes.length === 0) throw tooEarly(record, uri);
    left -= bytes.length;
    yield bytes;
  }
}

/** Sizes and checksum once more, behind the bytes; in one of four forms. */
function checkDescriptor(bytes: Uint8Array, record: ZipRecord, uri: string): void {
  const view = viewOf(bytes);
  const { crc, packedBytes, sizeBytes } = record;
  const isSame = (at: number, large: boolean): boolean => {
    if (bytes.length < at + (large ? 20 : 12) || view.getUint32(at, true) !== crc) return false;
    if (!large) return view.getUint32(at + 4, true) === packedBytes && view.getUint32(at + 8, true) === sizeBytes;
    return (
      view.getBigUint64(at + 4, true) === BigInt(packedBytes) && view.getBigUint64(at + 12, true) === BigInt(sizeBytes)
    );
  };
  const start = bytes.length >= 4 && view.getUint32(0, true) === signatures.descriptor ? [4, 0] : [0];
  if (!start.some((at) => isSame(at, false) || isSame(at, true)))
    throw damaged(record, uri, "what follows its bytes says other sizes");
}

async function exactly(feed: ByteFeed, count: number, record: ZipRecord, uri: string): Promise<Uint8Array> {
  const bytes = await feed.take(count);
  if (bytes.length === count) return bytes;
  throw tooEarly(record, uri);
}

function tooEarly(record: ZipRecord, uri: string): Error {
  return archiveError("truncated", uri, `${named(record, uri)} ends too early`);
}

const named = ({ name }: ZipRecord, uri: string): string => `the entry ${shownName(name)} of the archive ${uri}`;

function damaged(record: ZipRecord, uri: string, why: string): Error {
  return archiveError("malformed", uri, `${named(record, uri)} is damaged: ${why}`);
}
