/** Keeps bytes that somebody reads: they are dropped when the last reader is done, whoever asked for it meanwhile. */
import type { Blob } from "./records.ts";

export class BlobPins {
  readonly #drop: (blobs: readonly Blob[]) => Promise<void>;
  /** How many readers hold a blob, and blobs that wait for their last reader. */
  readonly #holders = new Map<string, number>();
  readonly #condemned = new Map<string, Blob>();

  constructor(drop: (blobs: readonly Blob[]) => Promise<void>) {
    this.#drop = drop;
  }

  /** Holds them until the function that is returned is called; a second call does nothing. */
  hold(blobs: readonly Blob[]): () => void {
    for (const { id } of blobs) this.#holders.set(id, (this.#holders.get(id) ?? 0) + 1);
    let held = true;
    return () => {
      if (held) this.#release(blobs);
      held = false;
    };
  }

  /** At once, as far as nobody holds them. */
  async drop(blobs: readonly Blob[]): Promise<void> {
    const free = blobs.filter(({ id }) => !this.#holders.has(id));
    for (const blob of blobs) if (this.#holders.has(blob.id)) this.#condemned.set(blob.id, blob);
    if (free.length > 0) await this.#drop(free);
  }

  #release(blobs: readonly Blob[]): void {
    for (const { id } of blobs) {
      const holders = (this.#holders.get(id) ?? 1) - 1;
      if (holders > 0) {
        this.#holders.set(id, holders);
        continue;
      }
      this.#holders.delete(id);
      const condemned = this.#condemned.get(id);
      if (condemned === undefined) continue;
      this.#condemned.delete(id);
      // A file that could not be removed is garbage for the next start, not a failure of this read.
      void this.#drop([condemned]).catch(() => undefined);
    }
  }
}
