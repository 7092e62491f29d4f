/**
 * A page that waits for its turn, in memory that is used again: thousands of small objects that live for some seconds would be moved to
 * where the garbage collector seldom looks.
 */
import type { ListPage, ObjectInfo } from "../../object-store.ts";

/** What a page's keys, ETags and folders take in all, so many bytes to begin with. */
const firstBytes = 128 * 1024;

/** Memory of pages that were given. */
export type Spares = Buffer<ArrayBuffer>[];

export class PackedPage {
  readonly #spares: Spares;
  #memory: Buffer<ArrayBuffer>;
  readonly #textBytes: number;
  /** UTF-16 units of each key and each ETag, one after the other. */
  readonly #lengths: Uint16Array;
  /** Size and time of each object. */
  readonly #numbers: Float64Array;
  readonly #storageClasses: readonly (string | undefined)[];
  readonly #folders: readonly string[];

  constructor({ objects, folders }: ListPage, spares: Spares) {
    const count = objects.length;
    const texts: string[] = [];
    for (const { key, etag } of objects) texts.push(key, etag);
    const text = texts.join("");
    const numberBytes = 16 * count;
    const lengthBytes = 4 * count;
    const most = numberBytes + lengthBytes + 3 * text.length;
    this.#spares = spares;
    this.#memory = spares.pop() ?? Buffer.allocUnsafeSlow(firstBytes);
    if (this.#memory.byteLength < most) this.#memory = Buffer.allocUnsafeSlow(most);
    const { buffer } = this.#memory;
    this.#numbers = new Float64Array(buffer, 0, 2 * count);
    this.#lengths = new Uint16Array(buffer, numberBytes, 2 * count);
    this.#textBytes = this.#memory.write(text, numberBytes + lengthBytes);
    const classes = new Map<string | undefined, string | undefined>();
    this.#storageClasses = objects.map(({ storageClass }) => {
      if (!classes.has(storageClass)) classes.set(storageClass, storageClass && unbound(storageClass));
      return classes.get(storageClass);
    });
    for (const [at, { key, etag, sizeBytes, modifiedMs }] of objects.entries()) {
      this.#numbers[2 * at] = sizeBytes;
      this.#numbers[2 * at + 1] = modifiedMs;
      this.#lengths[2 * at] = key.length;
      this.#lengths[2 * at + 1] = etag.length;
    }
    this.#folders = folders;
  }

  /** The page; to be called once, for its memory is another's then. */
  open(): ListPage {
    const start = this.#numbers.byteLength + this.#lengths.byteLength;
    const text = this.#memory.toString("utf8", start, start + this.#textBytes);
    let end = 0;
    const next = (length: number) => {
      const from = end;
      end += length;
      return text.slice(from, end);
    };
    const objects = this.#storageClasses.map(
      (storageClass, at): ObjectInfo => ({
        key: next(this.#lengths[2 * at] ?? 0),
        sizeBytes: this.#numbers[2 * at] ?? 0,
        modifiedMs: this.#numbers[2 * at + 1] ?? 0,
        etag: next(this.#lengths[2 * at + 1] ?? 0),
        versionId: undefined,
        storageClass,
      }),
    );
    this.drop();
    return { objects, folders: this.#folders };
  }

  /** Gives the memory back. */
  drop(): void {
    this.#spares.push(this.#memory);
  }
}

/** The same text by itself: one that was cut out of an answer holds on to the whole of it. */
export function unbound(text: string): string {
  return Buffer.from(text).toString();
}
