/** Publishes pieces: a pending file in the shard, renamed when it is whole. Never changed afterwards. */
import { join } from "node:path";
import type { ObjectInfo } from "../../store/index.ts";
import type { CacheFolder } from "../cache-folder.ts";
import { type EntryId, type RangeName, readRangeName, shardFolder } from "../layout.ts";
import { folderMode } from "../trust.ts";
import { formatPiece } from "./piece.ts";
import type { PieceName } from "./piece-names.ts";

/** What is being written is held in memory, bytes: a disk that is slower than the network gets no more than this. */
const mostWritingBytes = 16 * 1024 * 1024;

/** Whole blocks of a version, from block `first` on. */
export interface NewPiece {
  readonly info: ObjectInfo;
  readonly first: number;
  readonly bytes: Uint8Array;
}

export class PieceWriter {
  readonly #folder: CacheFolder;
  readonly #mode: number;
  #writingBytes = 0;

  constructor(folder: CacheFolder, mode: number) {
    this.#folder = folder;
    this.#mode = mode;
  }

  /** Whether so many bytes may be given beside what is being written. */
  hasRoom(sizeBytes: number): boolean {
    return this.#writingBytes + sizeBytes <= mostWritingBytes;
  }

  /** `publish` decides when it is renamed, and whether. Errors of the disk. */
  async write(
    id: EntryId,
    { info, first, bytes }: NewPiece,
    publish: (commit: () => Promise<unknown>) => Promise<boolean>,
  ): Promise<PieceName | undefined> {
    const { disk, layout, now } = this.#folder;
    const file = formatPiece(
      { entry: id.hash, uri: id.uri, info: { ...info, key: id.key }, fetchedMs: now() },
      first,
      bytes,
    );
    if (file === undefined) return undefined;
    const shard = shardFolder(layout, id.hash);
    const path = join(shard, file.name);
    this.#writingBytes += bytes.byteLength;
    try {
      const mode = this.#mode;
      const pending = await disk.createPending(shard, { mode, makeFolders: folderMode(mode) });
      try {
        await pending.write(file.head);
        await pending.write(bytes);
        if (!(await publish(() => pending.commit(path)))) return undefined;
      } finally {
        await pending.discard();
      }
      return { ...(readRangeName(file.name) as RangeName), path };
    } finally {
      this.#writingBytes -= bytes.byteLength;
    }
  }
}
