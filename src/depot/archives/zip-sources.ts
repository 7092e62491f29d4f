/** What zips are read from: a file of this disk, or ranges of one version of an object. */
import type { ZipSource } from "../../archive/index.ts";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { type FileSource, readSpan } from "../file-source.ts";

/** The most that one request brings, bytes. */
const pieceBytes = 8 * 1024 * 1024;
const diskPieceBytes = 256 * 1024;
/** What one member after the other is apart. */
const nearBytes = 64 * 1024;

/** One request for a member up to 8 MiB. */
export function rangesAsZip(source: FileSource, signal: AbortSignal | undefined): ZipSource {
  const read = (start: number, end: number) => readSpan(source, start, end, signal);
  return {
    uri: source.uri,
    sizeBytes: source.info.sizeBytes,
    read,
    async *stream(start, end) {
      for (let at = start; at < end; at += pieceBytes) yield await read(at, Math.min(end, at + pieceBytes));
    },
  };
}

/** A file that is there as long as it is read. Close it. */
export async function fileAsZip(
  disk: Disk,
  path: string,
  uri: string,
): Promise<ZipSource & { close(): Promise<void> }> {
  const file = await disk.openRead(path, { followLinks: true });
  const { sizeBytes } = file.stat;
  async function exactly(start: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    if ((await file.read(bytes, start)) === bytes.length) return bytes;
    throw new EntrepotError("changed", `${path} became shorter while it was read`, { uri, hint: "unpack it again" });
  }
  let ahead: { readonly from: number; readonly bytes: Uint8Array } = { from: 0, bytes: new Uint8Array(0) };
  let last = 0;
  /** Members mostly follow one another, and are small: many of them come with one read. */
  async function read(start: number, end: number): Promise<Uint8Array> {
    const isNext = Math.abs(start - last) < nearBytes;
    last = end;
    const { from, bytes } = ahead;
    if (start >= from && end <= from + bytes.length) return bytes.subarray(start - from, end - from);
    if (!isNext || end - start > nearBytes) return exactly(start, end);
    const more = await exactly(start, Math.min(sizeBytes, start + diskPieceBytes));
    ahead = { from: start, bytes: more };
    return more.subarray(0, end - start);
  }
  return {
    uri,
    sizeBytes,
    read,
    async *stream(start, end) {
      // members are mostly small: a little first
      let piece = 64 * 1024;
      for (let at = start; at < end; at += piece, piece = diskPieceBytes) {
        yield await exactly(at, Math.min(end, at + piece));
      }
    },
    close: () => file.close(),
  };
}
