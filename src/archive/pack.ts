/** Entries into an archive of any format, as a stream of bytes. */
import { type Bytes, encode } from "../codec/index.ts";
import type { PackEntry } from "./entry.ts";
import { type ArchiveFormat, compressionOf } from "./formats.ts";
import { writeTar } from "./tar/write-tar.ts";
import { writeZip } from "./zip/write-zip.ts";

/** Errors: unsupported (zstd on older Nodes), and those of the entries. */
export function packed(entries: AsyncIterable<PackEntry>, format: ArchiveFormat): AsyncIterable<Bytes> {
  if (format === "zip") return inPieces(writeZip(entries));
  const compression = compressionOf(format);
  const tar = inPieces(writeTar(entries));
  return compression === undefined ? tar : encode(compression, tar);
}

const pieceBytes = 256 * 1024;

/** Headers and small files together: what comes next has work to do for each piece. */
async function* inPieces(source: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  let piece = new Uint8Array(pieceBytes);
  let filled = 0;
  for await (const bytes of source) {
    if (filled + bytes.length > pieceBytes) {
      if (filled > 0) yield piece.subarray(0, filled);
      piece = new Uint8Array(pieceBytes);
      filled = 0;
      if (bytes.length > pieceBytes / 2) {
        yield bytes;
        continue;
      }
    }
    piece.set(bytes, filled);
    filled += bytes.length;
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
