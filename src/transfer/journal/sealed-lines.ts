/**
 * Lines of a journal: JSON, one a line, each with a checksum of its own. A line that a crash cut off, or a disk changed, is as if it
 * had never been written; it hides no other.
 */
import { crc32 } from "../../checksum/index.ts";
import type { Disk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

const sealed = /^(\{.*),"c":"([0-9a-f]{8})"\}$/;
/** Longer than any line of ours: a key, two addresses and a message. */
const mostLineBytes = 1024 * 1024;
const pieceBytes = 256 * 1024;

/** A record that JSON can hold, with at least one field and none named `c`. */
export type LineRecord = Readonly<Record<string, unknown>>;

/** The line, its end included. */
export function sealLine(record: LineRecord): string {
  const open = JSON.stringify(record).slice(0, -1);
  return `${open},"c":"${checksumText(open)}"}\n`;
}

/** What the line says; `undefined` for one that is not whole. */
export function unsealLine(line: string): LineRecord | undefined {
  const [, open, checksum] = sealed.exec(line) ?? [];
  if (open === undefined || checksum !== checksumText(open)) return undefined;
  return JSON.parse(`${open}}`) as LineRecord;
}

/** The whole lines of a file, in order; nothing where there is none. Errors of the disk. */
export async function* readSealed(disk: Disk, path: string): AsyncGenerator<LineRecord, void, undefined> {
  for await (const line of readLines(disk, path)) {
    const record = unsealLine(line);
    if (record !== undefined) yield record;
  }
}

async function* readLines(disk: Disk, path: string): AsyncGenerator<string, void, undefined> {
  const file = await disk.openRead(path).catch((error: unknown) => {
    if (isEntrepotError(error, "not-found")) return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    const piece = Buffer.alloc(pieceBytes);
    let rest: Buffer = Buffer.alloc(0);
    for (let position = 0; ; ) {
      const count = await file.read(piece, position);
      if (count === 0) break;
      position += count;
      const bytes = rest.length === 0 ? piece.subarray(0, count) : Buffer.concat([rest, piece.subarray(0, count)]);
      const end = bytes.lastIndexOf(0x0a);
      if (end >= 0) yield* bytes.toString("utf8", 0, end).split("\n");
      rest = Buffer.from(bytes.subarray(end + 1));
      // What is no line of ours need not be held.
      if (rest.length > mostLineBytes) rest = Buffer.alloc(0);
    }
  } finally {
    await file.close();
  }
}

function checksumText(text: string): string {
  return crc32(Buffer.from(text)).toString(16).padStart(8, "0");
}
