/**
 * Parts that are whole in memory and wait for their turn. Whoever has one waits until it was passed on, and whoever passes them on
 * waits for the next; all of them stop waiting when the read has failed.
 */
export class PartWindow {
  readonly #hasFailed: () => boolean;
  readonly #arrived = new Map<number, Uint8Array>();
  readonly #waiting: (() => void)[] = [];

  constructor(hasFailed: () => boolean) {
    this.#hasFailed = hasFailed;
  }

  /** Part `n` is whole; resolves when its memory is free again, or never will be. */
  async passed(n: number, bytes: Uint8Array): Promise<void> {
    this.#arrived.set(n, bytes);
    this.changed();
    while (this.#arrived.has(n) && !this.#hasFailed()) await this.#change();
  }

  /** The bytes of part `n`, when they are whole; `undefined` when that will never be. */
  async arrived(n: number): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#hasFailed()) return undefined;
      const bytes = this.#arrived.get(n);
      if (bytes !== undefined) return bytes;
      await this.#change();
    }
  }

  /** Part `n` was passed on. */
  free(n: number): void {
    this.#arrived.delete(n);
    this.changed();
  }

  /** Everybody looks again. */
  changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
