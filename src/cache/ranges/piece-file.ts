/** A piece on the disk: opened, its head believed only when everything fits, its blocks checked as they are read. Changes nothing. */
import { basename } from "node:path";
import type { Disk, FileStat, ReadableFile } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { isBlock } from "../blocks.ts";
import { isEntryFile, type Ownership } from "../trust.ts";
import { blockSpan, headBytes, headLength, type PieceHead, parseHead, pieceBlockBytes } from "./piece.ts";

export interface PiecePremises extends Pick<Ownership, "uid" | "mode"> {
  readonly disk: Disk;
}

/** Why there is no piece: gone, or there and wrong. What the disk itself fails with is thrown. */
export type NoPiece = "gone" | "damaged";

export class PieceFile {
  readonly head: PieceHead;
  readonly stat: FileStat;
  readonly #file: ReadableFile;
  readonly #dataAt: number;

  constructor(head: PieceHead, file: ReadableFile, dataAt: number) {
    this.head = head;
    this.stat = file.stat;
    this.#file = file;
    this.#dataAt = dataAt;
  }

  /** Fills `target` with block `index` of the object; `undefined` when it is not what was stored. Errors of the disk. */
  async readBlock(index: number, target: Uint8Array): Promise<Uint8Array | undefined> {
    const { first, info, blocks } = this.head;
    const { start, end } = blockSpan(index, info.sizeBytes);
    const block = target.subarray(0, end - start);
    const read = await this.#file.read(block, this.#dataAt + start - first * pieceBlockBytes);
    return read === block.byteLength && isBlock(blocks, index - first, block) ? block : undefined;
  }

  /** Never fails: what was read was checked. */
  close(): Promise<void> {
    return this.#file.close().catch(() => undefined);
  }
}

/** To be closed. Errors of the disk, where it does not let us look. */
export async function openPiece({ disk, ...ownership }: PiecePremises, path: string): Promise<PieceFile | NoPiece> {
  let file: ReadableFile | undefined;
  try {
    file = await disk.openRead(path);
    const head = isEntryFile(file.stat, ownership) ? await readHead(file, basename(path)) : undefined;
    if (head === undefined) return "damaged";
    const opened = new PieceFile(head.head, file, head.length);
    file = undefined;
    return opened;
  } catch (error) {
    const said = judged(error);
    if (said === undefined) throw error;
    return said;
  } finally {
    await file?.close();
  }
}

/** What became of reading a whole piece: what its head says, if that is to be believed, and whether all its bytes are right. */
export interface CheckedPiece {
  readonly head: PieceHead | undefined;
  readonly isRight: boolean;
}

/** Reads every byte of the piece at `path`; `"gone"` when there is none any more. Errors of the disk. */
export async function checkPiece(premises: PiecePremises, path: string): Promise<CheckedPiece | "gone"> {
  const piece = await openPiece(premises, path);
  if (typeof piece === "string") return piece === "gone" ? piece : { head: undefined, isRight: false };
  try {
    const { head } = piece;
    const buffer = new Uint8Array(pieceBlockBytes);
    for (let index = head.first; index < head.first + head.count; index += 1) {
      if ((await piece.readBlock(index, buffer)) === undefined) return { head, isRight: false };
    }
    return { head, isRight: true };
  } finally {
    await piece.close();
  }
}

async function readHead(file: ReadableFile, name: string): Promise<{ head: PieceHead; length: number } | undefined> {
  const { sizeBytes } = file.stat;
  const begin = new Uint8Array(Math.min(headBytes, sizeBytes));
  await file.read(begin, 0);
  const length = headLength(begin);
  if (length === undefined || length > sizeBytes) return undefined;
  const bytes = length <= begin.byteLength ? begin.subarray(0, length) : new Uint8Array(length);
  if (length > begin.byteLength && (await file.read(bytes, 0)) < length) return undefined;
  const head = parseHead(bytes, name, sizeBytes);
  return head && { head, length };
}

/** A link, a pipe or a folder is nothing of ours. */
function judged(error: unknown): NoPiece | undefined {
  if (isEntrepotError(error, "unsafe-key", "unsupported")) return "damaged";
  return isEntrepotError(error, "not-found") ? "gone" : undefined;
}
