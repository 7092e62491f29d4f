/** A storage that lasts as long as the process. Bodies lie in pieces of at most 8 MiB, each of exactly its size. */
import { IndexedStorage } from "./indexed-storage.ts";
import type { Blob } from "./records.ts";
import type { Shelf, ShelfContents } from "./shelf.ts";
import type { BlobBytes, PendingBlob } from "./storage.ts";

const pieceBytes = 8 * 1024 * 1024;

/** Empty at first; it can be copied. */
export class MemoryStorage extends IndexedStorage {
  readonly #shelf: Shelf;

  constructor(shelf: Shelf = memoryShelf(), contents?: ShelfContents) {
    super(shelf, contents);
    this.#shelf = shelf;
  }

  /** What this one holds now, in a storage of its own; bytes are shared, since they never change. */
  fork(): MemoryStorage {
    return new MemoryStorage(this.#shelf, this.contents());
  }
}

class MemoryBlob implements Blob {
  readonly id: string;
  readonly sizeBytes: number;
  readonly pieces: readonly Uint8Array[];

  constructor(id: string, pieces: readonly Uint8Array[]) {
    this.id = id;
    this.pieces = pieces;
    this.sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }
}

function memoryShelf(): Shelf {
  let made = 0;
  const keep = async (): Promise<void> => undefined;
  return {
    createBlob(sizeBytes) {
      made += 1;
      return new PendingPieces(String(made), sizeBytes);
    },
    read: readPieces,
    dropBlobs: keep,
    saveBucket: keep,
    dropBucket: keep,
    saveVersion: keep,
    dropVersion: keep,
    saveUpload: keep,
    savePart: keep,
    dropUpload: keep,
  };
}

/** Copies into buffers of its own: a chunk of a socket would keep 64 KiB alive for each small object. */
class PendingPieces implements PendingBlob {
  readonly #id: string;
  #expected: number;
  #pieces: Uint8Array[] = [];
  #piece = new Uint8Array(0);
  #used = 0;

  constructor(id: string, sizeBytes: number | undefined) {
    this.#id = id;
    this.#expected = sizeBytes ?? 0;
  }

  write(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#used === this.#piece.length) this.#nextPiece(rest.length);
      const fits = Math.min(rest.length, this.#piece.length - this.#used);
      this.#piece.set(rest.subarray(0, fits), this.#used);
      this.#used += fits;
      this.#expected -= fits;
      rest = rest.subarray(fits);
    }
  }

  async finish(): Promise<Blob> {
    this.#endPiece();
    // A list that has grown has room for seventeen.
    return new MemoryBlob(this.#id, [...this.#pieces]);
  }

  async discard(): Promise<void> {
    this.#pieces = [];
    this.#piece = new Uint8Array(0);
  }

  #nextPiece(atLeast: number): void {
    this.#endPiece();
    this.#piece = new Uint8Array(Math.min(pieceBytes, Math.max(this.#expected, atLeast)));
    this.#used = 0;
  }

  #endPiece(): void {
    if (this.#used > 0) this.#pieces.push(range(this.#piece, 0, this.#used));
    this.#used = 0;
    this.#piece = new Uint8Array(0);
  }
}

function readPieces(blobs: readonly Blob[], start: number, end: number): BlobBytes {
  const found: Uint8Array[] = [];
  let at = 0;
  for (const blob of blobs) {
    if (!(blob instanceof MemoryBlob)) throw new TypeError("a blob of another storage");
    for (const piece of blob.pieces) {
      const [from, to] = [Math.max(start - at, 0), Math.min(end - at, piece.length)];
      if (from < to) found.push(range(piece, from, to));
      at += piece.length;
    }
  }
  const [only, ...others] = found;
  return others.length === 0 ? (only ?? new Uint8Array(0)) : found;
}

/** No view where the whole is asked for: a view of a small body takes more room than the body. */
function range(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
}
