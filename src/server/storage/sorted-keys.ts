/**
 * The keys of a bucket in the order of their UTF-8 bytes, in chunks: a key that comes or goes moves a few hundred others,
 * not a million. Not a map: what a key holds lies beside it.
 */
import { compareKeys, firstIndex } from "./key-order.ts";

/** What may be asked of keys in order; answers hold until the next change. */
export interface KeysInOrder extends Iterable<string> {
  readonly size: number;
  /** At the first key for which `isAfter` holds: it must hold for all keys behind it. */
  from(isAfter: (key: string) => boolean): KeyCursor;
}

/** A place among keys. */
export interface KeyCursor {
  /** Undefined behind the last one. */
  readonly key: string | undefined;
  step(): void;
  /** To the first key from here on for which `isAfter` holds, without looking at all of those between. */
  skipTo(isAfter: (key: string) => boolean): void;
}

export class SortedKeys implements KeysInOrder {
  /** None is empty. */
  readonly #chunks: string[][] = [];
  readonly #chunkKeys: number;
  #size = 0;

  /** Keys in any order, each once. A chunk that would hold more than `chunkKeys`, at least 2, becomes two. */
  constructor(keys: Iterable<string> = [], chunkKeys = 512) {
    this.#chunkKeys = chunkKeys;
    const sorted = [...keys].sort(compareKeys);
    for (let at = 0; at < sorted.length; at += chunkKeys) this.#chunks.push(sorted.slice(at, at + chunkKeys));
    this.#size = sorted.length;
  }

  get size(): number {
    return this.#size;
  }

  /** Does nothing when it is there. */
  add(key: string): void {
    const nth = Math.min(this.#chunkOf(key), this.#chunks.length - 1);
    const chunk = this.#chunks[nth];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      this.#size = 1;
      return;
    }
    const place = placeIn(chunk, key);
    if (chunk[place] === key) return;
    this.#size += 1;
    if (chunk.length < this.#chunkKeys) chunk.splice(place, 0, key);
    // Keys mostly come in order: the chunk stays full.
    else if (place === chunk.length) this.#chunks.splice(nth + 1, 0, [key]);
    else {
      chunk.splice(place, 0, key);
      this.#chunks.splice(nth + 1, 0, chunk.splice(chunk.length >>> 1));
    }
  }

  /** Does nothing when it is not there. */
  delete(key: string): void {
    const nth = this.#chunkOf(key);
    const chunk = this.#chunks[nth];
    if (chunk === undefined) return;
    const place = placeIn(chunk, key);
    if (chunk[place] !== key) return;
    this.#size -= 1;
    chunk.splice(place, 1);
    const next = this.#chunks[nth + 1];
    if (chunk.length === 0) this.#chunks.splice(nth, 1);
    else if (next !== undefined && chunk.length + next.length <= this.#chunkKeys / 2) {
      chunk.push(...next);
      this.#chunks.splice(nth + 1, 1);
    }
  }

  from(isAfter: (key: string) => boolean): KeyCursor {
    const cursor = new ChunkCursor(this.#chunks);
    cursor.skipTo(isAfter);
    return cursor;
  }

  *[Symbol.iterator](): Generator<string, void> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** The first chunk that ends with the key or behind it. */
  #chunkOf(key: string): number {
    return firstIndex(this.#chunks, (chunk) => compareKeys(lastOf(chunk), key) >= 0);
  }
}

class ChunkCursor implements KeyCursor {
  readonly #chunks: readonly (readonly string[])[];
  #chunk = 0;
  #place = 0;

  constructor(chunks: readonly (readonly string[])[]) {
    this.#chunks = chunks;
  }

  get key(): string | undefined {
    return this.#chunks[this.#chunk]?.[this.#place];
  }

  step(): void {
    this.#place += 1;
    if (this.#place < (this.#chunks[this.#chunk]?.length ?? 0)) return;
    this.#chunk += 1;
    this.#place = 0;
  }

  skipTo(isAfter: (key: string) => boolean): void {
    const chunk = firstIndex(this.#chunks, (one) => isAfter(lastOf(one)), this.#chunk);
    this.#place = firstIndex(this.#chunks[chunk] ?? [], isAfter, chunk === this.#chunk ? this.#place : 0);
    this.#chunk = chunk;
  }
}

function placeIn(chunk: readonly string[], key: string): number {
  return firstIndex(chunk, (known) => compareKeys(known, key) >= 0);
}

function lastOf(chunk: readonly string[]): string {
  return chunk[chunk.length - 1] ?? "";
}
