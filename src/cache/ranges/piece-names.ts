/**
 * Which pieces lie in which shard, as far as this process knows: one look at a shard, and another when the folder has changed since.
 * What it does not know is fetched again; what is gone is noticed by who opens it.
 */
import { dirname, join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { type RangeName, readRangeName, shardFolder } from "../layout.ts";

/** So many names are remembered of all shards together; what was looked at longest ago is forgotten first. */
const mostNames = 100_000;
/** A look costs a microsecond or so for each name of the shard: where there are many it is not repeated for each change. */
const namesPerMs = 4;
/** File systems stamp in steps: a folder that changed so recently may change again under the same stamp, milliseconds. */
const stampStepMs = 20;

/** A piece that is there, or was when the shard was looked at. */
export interface PieceName extends RangeName {
  readonly path: string;
}

interface Shard {
  readonly pieces: Map<string, Map<string, PieceName>>;
  /** `undefined` when the next change need not show. */
  readonly modifiedNs: bigint | undefined;
  readonly lookedMs: number;
  /** Of whatever kind, in the folder. */
  readonly names: number;
  /** Of all pieces. */
  count: number;
}

export class PieceNames {
  readonly #disk: Disk;
  readonly #layout: string;
  readonly #now: () => number;
  readonly #shards = new Map<string, Shard>();

  constructor(folder: { readonly disk: Disk; readonly layout: string; readonly now: () => number }) {
    this.#disk = folder.disk;
    this.#layout = folder.layout;
    this.#now = folder.now;
  }

  /** Those of an entry. Errors of the disk. */
  async of(entry: string): Promise<readonly PieceName[]> {
    const shard = await this.#look(shardFolder(this.#layout, entry));
    return [...(shard?.pieces.get(entry)?.values() ?? [])];
  }

  /** Those of an entry that are known without a look. */
  known(entry: string): readonly PieceName[] {
    return [...(this.#shards.get(shardFolder(this.#layout, entry))?.pieces.get(entry)?.values() ?? [])];
  }

  added(piece: PieceName): void {
    const folder = dirname(piece.path);
    const shard = this.#shards.get(folder) ?? unknownShard();
    note(shard, piece);
    this.#remember(folder, shard);
  }

  gone({ entry, path }: PieceName): void {
    const shard = this.#shards.get(dirname(path));
    const names = shard?.pieces.get(entry);
    if (shard === undefined || names?.delete(path) !== true) return;
    shard.count -= 1;
    if (names.size === 0) shard.pieces.delete(entry);
  }

  async #look(folder: string): Promise<Shard | undefined> {
    const stat = await this.#disk.stat(folder);
    const before = this.#shards.get(folder);
    if (stat === undefined) {
      this.#shards.delete(folder);
      return undefined;
    }
    if (before !== undefined) {
      const isDue = Math.abs(this.#now() - before.lookedMs) >= Math.floor(before.names / namesPerMs);
      if (before.modifiedNs === stat.modifiedNs || !isDue) return before;
    }
    const lookedMs = this.#now();
    const found = (await this.#disk.readFolder(folder)) ?? [];
    const modifiedNs = Math.abs(lookedMs - stat.modifiedMs) < stampStepMs ? undefined : stat.modifiedNs;
    const shard: Shard = { ...unknownShard(), modifiedNs, lookedMs, names: found.length };
    const names = found.map(({ name }) => name);
    for (const piece of piecesIn(folder, names)) note(shard, piece);
    this.#remember(folder, shard);
    return shard;
  }

  #remember(folder: string, shard: Shard): void {
    this.#shards.delete(folder);
    this.#shards.set(folder, shard);
    let count = [...this.#shards.values()].reduce((sum, each) => sum + each.count, 0);
    for (const [path, oldest] of this.#shards) {
      if (count <= mostNames || path === folder) return;
      this.#shards.delete(path);
      count -= oldest.count;
    }
  }
}

/** Those of the names in a shard that are names of pieces. */
export function piecesIn(folder: string, names: readonly string[]): PieceName[] {
  return names.flatMap((name) => {
    const named = readRangeName(name);
    return named === undefined ? [] : [{ ...named, path: join(folder, name) }];
  });
}

/** To be looked at. */
function unknownShard(): Shard {
  return { pieces: new Map(), modifiedNs: undefined, lookedMs: 0, names: 0, count: 0 };
}

function note(shard: Shard, piece: PieceName): void {
  const names = shard.pieces.get(piece.entry) ?? new Map<string, PieceName>();
  if (!names.has(piece.path)) shard.count += 1;
  names.set(piece.path, piece);
  shard.pieces.set(piece.entry, names);
}
