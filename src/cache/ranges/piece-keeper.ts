/**
 * Keeps what one answer brings, as it passes: whole blocks become pieces while the rest comes, and whoever waits for the bytes does
 * not wait for the disk. A disk that cannot follow keeps less.
 */
import { isStrongEtag, type ObjectInfo, type ResolvedRange } from "../../store/index.ts";
import type { Desk } from "../desk.ts";
import type { EntryId } from "../layout.ts";
import { PieceCollector } from "./piece-collector.ts";
import type { PieceName } from "./piece-names.ts";

export class PieceKeeper {
  readonly #desk: Desk;
  readonly #id: EntryId;
  readonly #isWanted: () => boolean;
  readonly #collector = new PieceCollector((first, bytes) => this.#keep(first, bytes));
  readonly #writes: Promise<PieceName | undefined>[] = [];
  #info: ObjectInfo | undefined;
  #discarded = false;

  /** `isWanted` is asked before each piece is published. */
  constructor(desk: Desk, id: EntryId, isWanted: () => boolean) {
    this.#desk = desk;
    this.#id = id;
    this.#isWanted = isWanted;
  }

  /** What comes is `range` of this version. Nothing tells two versions with a weak ETag apart: they are not kept. */
  begin(info: ObjectInfo, range: ResolvedRange): void {
    const fits = range.end - range.start <= (this.#desk.largestBytes() ?? Number.POSITIVE_INFINITY);
    this.#info = isStrongEtag(info.etag) && fits ? info : undefined;
    this.#collector.begin(range, info.sizeBytes);
  }

  add(chunk: Uint8Array): void {
    if (this.#info !== undefined) this.#collector.add(chunk);
  }

  /** No more comes: keeps the whole blocks that came, and waits for the disk. Never fails. */
  async finish(): Promise<void> {
    if (this.#info !== undefined) this.#collector.flush();
    await Promise.all(this.#writes);
  }

  /** What came was wrong, or of a version that was replaced: takes it all away again. Never fails. */
  async discard(): Promise<void> {
    this.#discarded = true;
    for (const kept of await Promise.all(this.#writes.splice(0))) {
      if (kept !== undefined) await this.#desk.shelf.pieces.drop(kept);
    }
  }

  #keep(first: number, bytes: Uint8Array): void {
    const { shelf, wake } = this.#desk;
    if (this.#info === undefined || !shelf.pieces.writer.hasRoom(bytes.byteLength)) return;
    const isWanted = () => !this.#discarded && this.#isWanted();
    const kept = shelf.pieces.keep(this.#id, { info: this.#info, first, bytes }, isWanted);
    this.#writes.push(
      kept.then((piece) => {
        if (piece !== undefined) wake();
        return piece;
      }),
    );
  }
}
