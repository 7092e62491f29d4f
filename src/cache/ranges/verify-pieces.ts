/** Every byte of every piece, read and checked. */
import { join } from "node:path";
import { readRangeName } from "../layout.ts";
import type { Premises } from "../limits/survey.ts";
import { scan } from "../scan.ts";
import type { DamagedEntry } from "../state/verify.ts";
import { nothing, plus, type Usage } from "../usage.ts";
import type { PieceHead } from "./piece.ts";

export interface PiecesReport {
  /** Pieces are no objects: only their bytes count. */
  readonly checked: Usage;
  readonly damaged: readonly DamagedEntry[];
}

/** `repair` takes away what is damaged. Errors of the disk. */
export async function verifyPieces(
  { disk, layout, shelf }: Pick<Premises, "disk" | "layout" | "shelf">,
  { repair, signal }: { readonly repair: boolean; readonly signal: AbortSignal | undefined },
): Promise<PiecesReport> {
  let checked = nothing;
  const damaged: DamagedEntry[] = [];
  if (!(await shelf.isUsable())) return { checked, damaged };
  for await (const { entry, folder, rangeNames, pinNames } of scan(disk, layout)) {
    for (const name of rangeNames) {
      signal?.throwIfAborted();
      const path = join(folder, name);
      const piece = await shelf.pieces.check(path);
      const named = readRangeName(name);
      if (piece === "gone" || named === undefined) continue;
      if (piece.isRight) checked = plus(checked, { objects: 0, sizeBytes: bytesOf(piece.head) });
      else damaged.push(damagedPiece(entry, path, piece.head, pinNames.length > 0, repair));
      if (repair && !piece.isRight) await shelf.pieces.drop({ ...named, path });
    }
  }
  return { checked, damaged };
}

function bytesOf(head: PieceHead | undefined): number {
  if (head === undefined) return 0;
  const { first, count, blockBytes, info } = head;
  return Math.min((first + count) * blockBytes, info.sizeBytes) - first * blockBytes;
}

function damagedPiece(entry: string, path: string, head: PieceHead | undefined, pinned: boolean, removed: boolean) {
  const { uri, info } = head ?? {};
  const damage = head === undefined ? "no-record" : "bytes-differ";
  const why = head === undefined ? "what it is a part of cannot be read" : "a part of it has other bytes";
  const sizeBytes = info?.sizeBytes ?? 0;
  return { entry, uri, etag: info?.etag, sizeBytes, path, damage, why, pinned, removed } as const;
}
