/** Decoded values by version: the same object for all nodes that one process or thread runs, as long as there is room. */

/** As many as a node may well ask for. */
const mostValues = 32;
/** Of encoded bytes; the value used last stays, however large it is. */
const mostBytes = 256 * 1024 * 1024;

interface KeptValue {
  readonly value: Promise<unknown>;
  readonly sizeBytes: number;
}

export class KeptValues {
  readonly #values = new Map<string, KeptValue>();
  readonly #mostBytes: number;
  #sizeBytes = 0;

  constructor(most: number = mostBytes) {
    this.#mostBytes = most;
  }

  /** What is kept, or what `make` gives; a failure is not kept. */
  get(version: string, sizeBytes: number, make: () => Promise<unknown>): Promise<unknown> {
    const known = this.#values.get(version);
    const kept = known ?? { value: make(), sizeBytes };
    if (known === undefined)
      kept.value.catch(() => {
        if (this.#values.get(version) === kept) this.#drop(version);
      });
    // the one used last goes last
    this.#drop(version);
    this.#values.set(version, kept);
    this.#sizeBytes += kept.sizeBytes;
    for (const oldest of this.#values.keys()) {
      if (oldest === version || (this.#values.size <= mostValues && this.#sizeBytes <= this.#mostBytes)) break;
      this.#drop(oldest);
    }
    return kept.value;
  }

  #drop(version: string): void {
    this.#sizeBytes -= this.#values.get(version)?.sizeBytes ?? 0;
    this.#values.delete(version);
  }
}
