/** Where the index of a zip lies, as the records at its end say it. */
import { archiveError } from "../archive-error.ts";
import { hintOfBytes } from "../looks-like.ts";
import { elsewhere16, elsewhere32, end64Bytes, endBytes, locatorBytes, signatures } from "./signatures.ts";
import type { ZipSource } from "./source.ts";

export interface ZipEnd {
  /** Where the index begins and ends. */
  readonly start: number;
  readonly end: number;
  /** How many entries there are; `undefined` where only the low 16 bits are known. */
  readonly entries: number;
  readonly isExact: boolean;
  /** What stands before the archive, as a program that unpacks itself does. */
  readonly before: number;
  /** The last bytes of the archive, which were read already, and where they begin. */
  readonly tail: Uint8Array;
  readonly tailStart: number;
}

/** The first look: most indexes of small archives lie in it, too. */
const firstTail = 16 * 1024;
const longestComment = 65_535;

/** Errors: malformed for what is no zip, unsupported for one in several pieces, truncated. */
export async function findEnd(source: ZipSource): Promise<ZipEnd> {
  const { uri, sizeBytes } = source;
  let isAny = false;
  for (const wanted of [firstTail, longestComment + endBytes + locatorBytes]) {
    const tailStart = Math.max(0, sizeBytes - wanted);
    const tail = await source.read(tailStart, sizeBytes);
    const { at, isFollowed } = endIn(tail, uri);
    if (at !== undefined) return readEnd(source, tail, tailStart, at);
    isAny = isFollowed;
    if (tailStart === 0) break;
  }
  if (isAny) throw archiveError("malformed", uri, `something follows the end of the zip ${uri}`);
  const first = await source.read(0, Math.min(sizeBytes, 512));
  const begins = first.length >= 4 ? viewOf(first).getUint32(0, true) : 0;
  throw begins === signatures.local
    ? archiveError("truncated", uri, `the zip ${uri} ends without its index`)
    : archiveError("malformed", uri, `${uri} is no zip`, hintOfBytes(first, "zip"));
}

/**
 * The record whose comment ends with the archive, or with zeros behind it, as bsdtar pads what it pipes. Two of them would be two
 * archives, of which others may see the other one. Errors: malformed.
 */
function endIn(tail: Uint8Array, uri: string): { readonly at: number | undefined; readonly isFollowed: boolean } {
  const view = viewOf(tail);
  let zerosFrom = tail.length;
  while (zerosFrom > 0 && tail[zerosFrom - 1] === 0) zerosFrom -= 1;
  let at: number | undefined;
  let isFollowed = false;
  for (let place = tail.length - endBytes; place >= 0; place -= 1) {
    if (tail[place] !== 0x50 || view.getUint32(place, true) !== signatures.end) continue;
    const end = place + endBytes + view.getUint16(place + 20, true);
    if (end > tail.length) continue;
    if (end < zerosFrom) isFollowed = true;
    else if (at === undefined) at = place;
    else throw archiveError("malformed", uri, `the zip ${uri} has two ends, one in the comment of the other`);
  }
  return { at, isFollowed };
}

async function readEnd(source: ZipSource, tail: Uint8Array, tailStart: number, at: number): Promise<ZipEnd> {
  const { uri } = source;
  const view = viewOf(tail);
  const end = tailStart + at;
  const said = {
    disks: [view.getUint16(at + 4, true), view.getUint16(at + 6, true)],
    here: view.getUint16(at + 8, true),
    entries: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
  };
  const isElsewhere =
    said.entries === elsewhere16 ||
    said.size === elsewhere32 ||
    said.start === elsewhere32 ||
    said.disks[0] === elsewhere16;
  const large = isElsewhere ? await readEnd64(source, tail, tailStart, at) : undefined;
  const { entries, size, start } = large ?? said;
  const indexEnd = large?.at ?? end;
  if (large === undefined && (said.disks.some((disk) => disk !== 0) || said.here !== said.entries))
    throw archiveError("unsupported", uri, `the zip ${uri} is one of several pieces`);
  const before = indexEnd - size - start;
  if (before < 0) throw archiveError("malformed", uri, `the zip ${uri} claims an index that it has no room for`);
  return { start: start + before, end: indexEnd, entries, isExact: large !== undefined, before, tail, tailStart };
}

interface LargeEnd {
  readonly at: number;
  readonly entries: number;
  readonly size: number;
  readonly start: number;
}

/** `undefined` where the numbers are only by chance those that mean "elsewhere". */
async function readEnd64(
  source: ZipSource,
  tail: Uint8Array,
  tailStart: number,
  end: number,
): Promise<LargeEnd | undefined> {
  const { uri } = source;
  const locatorAt = tailStart + end - locatorBytes;
  if (locatorAt < 0) return undefined;
  const locator = viewOf(await bytesAt(source, tail, tailStart, locatorAt, locatorBytes));
  if (locator.getUint32(0, true) !== signatures.locator64) return undefined;
  const claimed = numberAt(locator, 8, uri);
  // what stands before the archive moves the record, which else ends where its locator begins
  for (const at of [claimed, locatorAt - end64Bytes]) {
    if (at < 0 || at + end64Bytes > locatorAt) continue;
    const record = viewOf(await bytesAt(source, tail, tailStart, at, end64Bytes));
    if (record.getUint32(0, true) !== signatures.end64) continue;
    if (record.getUint32(16, true) !== 0 || record.getUint32(20, true) !== 0)
      throw archiveError("unsupported", uri, `the zip ${uri} is one of several pieces`);
    return {
      at,
      entries: numberAt(record, 32, uri),
      size: numberAt(record, 40, uri),
      start: numberAt(record, 48, uri),
    };
  }
  throw archiveError("malformed", uri, `the zip ${uri} has no record of its large index where it should be`);
}

async function bytesAt(
  source: ZipSource,
  tail: Uint8Array,
  tailStart: number,
  at: number,
  count: number,
): Promise<Uint8Array> {
  if (at >= tailStart) return tail.subarray(at - tailStart, at - tailStart + count);
  return source.read(at, at + count);
}

/** Error: malformed for what no archive can hold. */
export function numberAt(view: DataView, at: number, uri: string): number {
  const value = view.getBigUint64(at, true);
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw archiveError("malformed", uri, `the zip ${uri} claims a number of petabytes`);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
