/**
 * The pieces of a cache folder: found, given, kept, dropped. Each stands for itself, so that any may go at any time; one that is not
 * what was stored is taken away when it is met. Knows nothing of servers.
 */
import { join } from "node:path";
import type { ObjectInfo, ResolvedRange } from "../../store/index.ts";
import type { CacheFolder } from "../cache-folder.ts";
import { type EntryId, recordName, shardFolder, versionDigest } from "../layout.ts";
import type { Removal } from "../removal.ts";
import { turns } from "../this-process.ts";
import { minus, nothing, type Usage } from "../usage.ts";
import { type LearnedVersion, LearnedVersions } from "./learned-versions.ts";
import { type PieceHead, pieceBlockBytes } from "./piece.ts";
import { type CheckedPiece, checkPiece, openPiece, type PieceFile } from "./piece-file.ts";
import type { PieceName } from "./piece-names.ts";
import { type NewPiece, PieceWriter } from "./piece-writer.ts";

export interface PiecesSettings {
  readonly folder: CacheFolder;
  readonly mode: number;
  /** Whether the folder of an entry may be used at all. */
  readonly isUsable: (entry: string) => Promise<boolean>;
  readonly removal: Removal;
  readonly warn: (error: unknown) => void;
}

/** One version of which there are pieces, or were a moment ago. */
export interface PiecedVersion extends LearnedVersion {
  readonly entry: string;
  readonly pieces: readonly PieceName[];
}

/** The bytes from `offset` on are not here any more; all before it were given. */
export class PieceGone extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super("A piece of the local copy is gone");
    this.offset = offset;
  }
}

/** Used times are kept to the minute. */
const usedEveryMs = 60_000;

export class Pieces {
  readonly writer: PieceWriter;
  readonly #settings: PiecesSettings;
  readonly #learned = new LearnedVersions();

  constructor(settings: PiecesSettings) {
    this.#settings = settings;
    this.writer = new PieceWriter(settings.folder, settings.mode);
  }

  /** The version `etag`, else the one that was current last. */
  async find(entry: string, etag?: string): Promise<PiecedVersion | undefined> {
    const wanted = etag === undefined ? undefined : versionDigest(etag);
    let newest: PiecedVersion | undefined;
    for (const [digest, pieces] of byDigest(await this.#names(entry))) {
      if (wanted !== undefined && digest !== wanted) continue;
      const learned = this.#learned.get(entry, digest) ?? (await this.#learn(pieces));
      if (learned === undefined || learned.checkedMs <= (newest?.checkedMs ?? Number.NEGATIVE_INFINITY)) continue;
      newest = { entry, ...learned, pieces };
    }
    return newest;
  }

  /** The same version with what is here of it now. */
  async again(version: PiecedVersion): Promise<PiecedVersion> {
    const digest = versionDigest(version.info.etag);
    const pieces = await this.#names(version.entry);
    return { ...version, pieces: pieces.filter((piece) => piece.digest === digest) };
  }

  /**
   * Gives `[start, end)` of a version block by block, each checked before it is given and valid until `write` settles. Throws `PieceGone`
   * where one is not here; what was found damaged is taken away.
   */
  async deliver(
    version: PiecedVersion,
    { start, end }: ResolvedRange,
    write: (chunk: Uint8Array) => void | Promise<void>,
  ): Promise<void> {
    const buffer = new Uint8Array(pieceBlockBytes);
    for (let at = start; at < end; ) {
      const name = holderOf(version.pieces, Math.floor(at / pieceBlockBytes));
      const piece = name && (await this.#openOf(version, name));
      if (name === undefined || piece === undefined) throw new PieceGone(at);
      try {
        const last = Math.min(end, (name.first + name.count) * pieceBlockBytes);
        while (at < last) {
          const index = Math.floor(at / pieceBlockBytes);
          const block = await this.#block(name, piece, index, buffer);
          const from = at - index * pieceBlockBytes;
          const part = block?.subarray(from, Math.min(block.byteLength, from + end - at));
          if (part === undefined || part.byteLength === 0) throw new PieceGone(at);
          await write(part);
          at += part.byteLength;
        }
      } finally {
        await piece.close();
      }
    }
  }

  /** Keeps whole blocks of a version if `isWanted` when they are about to be published. Never fails. */
  async keep(id: EntryId, piece: NewPiece, isWanted: () => boolean): Promise<PieceName | undefined> {
    const { folder, isUsable, warn } = this.#settings;
    const record = join(shardFolder(folder.layout, id.hash), recordName(id.hash));
    try {
      if (!(await isUsable(id.hash))) return undefined;
      const kept = await this.writer.write(id, piece, (commit) =>
        turns.take(record, async () => isWanted() && (await commit().then(() => true))),
      );
      if (kept === undefined) return undefined;
      folder.pieceNames.added(kept);
      this.#learned.note(id.hash, { ...piece.info, key: id.key }, folder.now());
      await folder.accounts.note(id.hash, usageOf(kept));
      await this.#dropContained(kept);
      return kept;
    } catch (error) {
      warn(error);
      return undefined;
    }
  }

  /** The server has just said that this is the current version. */
  confirm({ entry, info }: PiecedVersion): void {
    this.#learned.note(entry, info, this.#settings.folder.now());
  }

  /** Something newer may exist: no age makes what is here fresh, as far as this process goes. */
  expire(entry: string): void {
    this.#learned.expire(entry, this.#settings.folder.now());
  }

  /** Takes away what is known of other versions. Never fails. */
  async keepOnly(entry: string, etag: string): Promise<void> {
    const digest = versionDigest(etag);
    for (const piece of this.#settings.folder.pieceNames.known(entry)) {
      if (piece.digest !== digest) await this.drop(piece);
    }
  }

  /** Takes away all of an entry. Never fails. */
  async forget(entry: string): Promise<void> {
    for (const piece of await this.#names(entry)) await this.drop(piece);
  }

  /** Takes away what is known of an entry without a look, since all of it has come. Never fails. */
  async forgetKnown(entry: string): Promise<void> {
    for (const piece of this.#settings.folder.pieceNames.known(entry)) await this.drop(piece);
  }

  /** Takes one away. Never fails. */
  async drop(piece: PieceName): Promise<void> {
    const { folder, removal } = this.#settings;
    await removal.remove(piece.path);
    folder.pieceNames.gone(piece);
    await folder.accounts.note(piece.entry, minus(nothing, usageOf(piece)));
  }

  /** What whichever of these can be read says of its object. */
  async headOf(pieces: readonly PieceName[]): Promise<PieceHead | undefined> {
    for (const name of pieces) {
      const piece = await this.#open(name);
      await piece?.close();
      if (piece !== undefined) return piece.head;
    }
    return undefined;
  }

  /** Reads every byte of the piece at `path`, and takes nothing away. Errors of the disk. */
  check(path: string): Promise<CheckedPiece | "gone"> {
    const { folder, mode } = this.#settings;
    return checkPiece({ disk: folder.disk, uid: folder.uid, mode }, path);
  }

  async #names(entry: string): Promise<readonly PieceName[]> {
    const { folder, isUsable, warn } = this.#settings;
    try {
      return (await isUsable(entry)) ? await folder.pieceNames.of(entry) : [];
    } catch (error) {
      warn(error);
      return [];
    }
  }

  async #learn(pieces: readonly PieceName[]): Promise<LearnedVersion | undefined> {
    const head = await this.headOf(pieces);
    return head && this.#learned.note(head.entry, head.info, head.fetchedMs);
  }

  /** What lies within a piece that has come is of no use any more. */
  async #dropContained(kept: PieceName): Promise<void> {
    const end = kept.first + kept.count;
    for (const piece of this.#settings.folder.pieceNames.known(kept.entry)) {
      const isWithin = piece.first >= kept.first && piece.first + piece.count <= end;
      if (piece.path !== kept.path && piece.digest === kept.digest && isWithin) await this.drop(piece);
    }
  }

  async #openOf({ info }: PiecedVersion, name: PieceName): Promise<PieceFile | undefined> {
    const piece = await this.#open(name);
    if (piece === undefined || isOf(piece.head, info)) return piece;
    await piece.close();
    await this.drop(name);
    return undefined;
  }

  async #open(name: PieceName): Promise<PieceFile | undefined> {
    const { folder, mode, warn } = this.#settings;
    const { disk, uid, now } = folder;
    try {
      const piece = await openPiece({ disk, uid, mode }, name.path);
      if (typeof piece === "object") {
        const isUnused = Math.abs(now() - piece.stat.modifiedMs) > usedEveryMs;
        // A folder that we may only read keeps no used times.
        if (isUnused) folder.later(disk.touch(name.path, now()).catch(() => undefined));
        return piece;
      }
      if (piece === "damaged") await this.drop(name);
    } catch (error) {
      warn(error);
    }
    folder.pieceNames.gone(name);
    return undefined;
  }

  async #block(name: PieceName, piece: PieceFile, index: number, buffer: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      const block = await piece.readBlock(index, buffer);
      if (block === undefined) await this.drop(name);
      return block;
    } catch (error) {
      this.#settings.warn(error);
      this.#settings.folder.pieceNames.gone(name);
      return undefined;
    }
  }
}

/** By its name alone, so that coming and going are the same; a walk corrects what an object's last block is short of. */
function usageOf({ count }: PieceName): Usage {
  return { objects: 0, sizeBytes: count * pieceBlockBytes };
}

/** Strong ETags tell versions apart; a head that says something else of its size is nobody's. */
function isOf({ info }: PieceHead, version: ObjectInfo): boolean {
  return info.etag === version.etag && info.sizeBytes === version.sizeBytes;
}

function byDigest(pieces: readonly PieceName[]): ReadonlyMap<string, readonly PieceName[]> {
  const [any] = pieces;
  // As a rule there is but one, and there may be thousands of pieces.
  if (any !== undefined && pieces.every(({ digest }) => digest === any.digest)) return new Map([[any.digest, pieces]]);
  const versions = new Map<string, PieceName[]>();
  for (const piece of pieces) {
    const same = versions.get(piece.digest) ?? [];
    same.push(piece);
    versions.set(piece.digest, same);
  }
  return versions;
}

/** The piece that holds a block and goes on for longest. */
function holderOf(pieces: readonly PieceName[], index: number): PieceName | undefined {
  let best: PieceName | undefined;
  for (const piece of pieces) {
    if (piece.first > index || piece.first + piece.count <= index) continue;
    if (best === undefined || piece.first + piece.count > best.first + best.count) best = piece;
  }
  return best;
}
