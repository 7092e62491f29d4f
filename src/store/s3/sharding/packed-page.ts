/**
 * A page that waits for its turn, in memory that is used again: thousands of small objects that live for some seconds would be moved to
 * where the garbage collector seldom looks.
 */
import type { ListPage, ObjectInfo } from "../../object-store.ts";

/** Memory of pages that were given. */
export type Spares = Buffer<ArrayBuffer>[];

/** Memory comes in multiples of this, so that what fitted one page fits the next as well. */
const roomBytes = 128 * 1024;
/** Objects whose texts are one: an entry that is kept holds on to no more. */
const together = 128;

export class PackedPage {
  readonly #spares: Spares;
  readonly #memory: Buffer<ArrayBuffer>;
  /** Size and time of each object. */
  readonly #numbers: Float64Array;
  /** UTF-16 units of each key and each ETag, and which storage class it is. */
  readonly #units: Uint32Array;
  readonly #storageClasses: readonly (string | undefined)[];
  /** Bytes of the texts. */
  readonly #texts: readonly number[];
  readonly #folders: readonly string[];

  constructor({ objects, folders }: ListPage, spares: Spares) {
    const texts: string[] = [];
    for (let at = 0; at < objects.length; at += together)
      texts.push(
        objects
          .slice(at, at + together)
          .map(({ key, etag }) => key + etag)
          .join(""),
      );
    const sizes = texts.map((text) => Buffer.byteLength(text));
    const start = (16 + 12) * objects.length;
    this.#spares = spares;
    this.#memory = memoryOf(
      sizes.reduce((sum, size) => sum + size, start),
      spares,
    );
    const { buffer } = this.#memory;
    this.#numbers = new Float64Array(buffer, 0, 2 * objects.length);
    this.#units = new Uint32Array(buffer, 16 * objects.length, 3 * objects.length);
    let end = start;
    for (const text of texts) end += this.#memory.write(text, end);
    const classes: (string | undefined)[] = [];
    for (const [at, { key, etag, sizeBytes, modifiedMs, storageClass }] of objects.entries()) {
      this.#numbers[2 * at] = sizeBytes;
      this.#numbers[2 * at + 1] = modifiedMs;
      this.#units[3 * at] = key.length;
      this.#units[3 * at + 1] = etag.length;
      if (!classes.includes(storageClass)) classes.push(storageClass && unbound(storageClass));
      this.#units[3 * at + 2] = classes.indexOf(storageClass);
    }
    this.#storageClasses = classes;
    this.#texts = sizes;
    this.#folders = folders;
  }

  /** The page; to be called once, for its memory is another's then. */
  open(): ListPage {
    const objects: ObjectInfo[] = [];
    const count = this.#units.length / 3;
    let start = this.#numbers.byteLength + this.#units.byteLength;
    for (const size of this.#texts) {
      const text = this.#memory.toString("utf8", start, start + size);
      start += size;
      let from = 0;
      for (const last = Math.min(count, objects.length + together); objects.length < last; ) {
        const at = objects.length;
        const middle = from + (this.#units[3 * at] ?? 0);
        const to = middle + (this.#units[3 * at + 1] ?? 0);
        objects.push({
          key: text.slice(from, middle),
          sizeBytes: this.#numbers[2 * at] ?? 0,
          modifiedMs: this.#numbers[2 * at + 1] ?? 0,
          etag: text.slice(middle, to),
          versionId: undefined,
          storageClass: this.#storageClasses[this.#units[3 * at + 2] ?? 0],
        });
        from = to;
      }
    }
    this.drop();
    return { objects, folders: this.#folders };
  }

  /** Gives the memory back. */
  drop(): void {
    this.#spares.push(this.#memory);
  }
}

function memoryOf(bytes: number, spares: Spares): Buffer<ArrayBuffer> {
  const spare = spares.pop();
  if (spare !== undefined && spare.byteLength >= bytes) return spare;
  return Buffer.allocUnsafeSlow(Math.ceil(bytes / roomBytes) * roomBytes);
}

/** The same text by itself: one that was cut out of an answer holds on to the whole of it. */
export function unbound(text: string): string {
  return Buffer.from(text).toString();
}
