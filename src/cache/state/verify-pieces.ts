/** Every byte of the pieces of an entry, read and checked; what is damaged goes where asked. */
import { join } from "node:path";
import { isEntrepotError } from "../../error/index.ts";
import { isAt } from "../address.ts";
import { readRangeName } from "../layout.ts";
import type { PieceHead } from "../ranges/piece.ts";
import type { Scanned } from "../scan.ts";
import type { Shelf } from "../shelf.ts";
import type { Diagnosis } from "./damage.ts";
import type { DamagedEntry, VerifyOptions } from "./verify-report.ts";

export interface PiecesReport {
  /** Of those that are right. */
  readonly sizeBytes: number;
  readonly damaged: readonly DamagedEntry[];
}

export async function verifyPieces(
  shelf: Shelf,
  { entry, folder, rangeNames, pinNames }: Scanned,
  { address, repair = false, signal }: VerifyOptions,
): Promise<PiecesReport> {
  let sizeBytes = 0;
  const damaged: DamagedEntry[] = [];
  for (const name of rangeNames) {
    signal?.throwIfAborted();
    const path = join(folder, name);
    const { head, problem } = await checked(shelf, path);
    const named = readRangeName(name);
    // Nobody knows of what object it is whose head is damaged.
    if (named === undefined || (address !== undefined && (head === undefined || !isAt(head, address)))) continue;
    if (problem === undefined) {
      sizeBytes += bytesOf(head);
      continue;
    }
    const removed = repair && problem.damage !== "unreadable";
    if (removed) await shelf.pieces.drop({ ...named, path });
    const { uri, info } = head ?? {};
    const pinned = pinNames.length > 0;
    damaged.push({ entry, uri, etag: info?.etag, sizeBytes: bytesOf(head), path, ...problem, pinned, removed });
  }
  return { sizeBytes, damaged };
}

async function checked(shelf: Shelf, path: string): Promise<{ head?: PieceHead | undefined; problem?: Diagnosis }> {
  try {
    const piece = await shelf.pieces.check(path);
    if (piece === "gone" || piece.isRight) return { head: piece === "gone" ? undefined : piece.head };
    const { head } = piece;
    if (head === undefined) return { problem: { damage: "no-record", why: "a piece does not say of what it is one" } };
    return { head, problem: { damage: "bytes-differ", why: "a piece of it does not have the bytes that were stored" } };
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
    return { problem: { damage: "unreadable", why: error.message } };
  }
}

function bytesOf(head: PieceHead | undefined): number {
  if (head === undefined) return 0;
  const { first, count, blockBytes, info } = head;
  return Math.min((first + count) * blockBytes, info.sizeBytes) - first * blockBytes;
}
