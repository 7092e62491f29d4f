/** Two sets of keys that have none in common, read as one in order. */
import { compareKeys } from "./key-order.ts";
import type { KeyCursor, KeysInOrder } from "./sorted-keys.ts";

/** Nothing is copied: a place in it is a place in each. */
export function bothInOrder(some: KeysInOrder, others: KeysInOrder): KeysInOrder {
  if (others.size === 0) return some;
  return {
    size: some.size + others.size,
    from: (isAfter) => new PairCursor(some.from(isAfter), others.from(isAfter)),
    *[Symbol.iterator]() {
      const cursor = this.from(() => true);
      for (let key = cursor.key; key !== undefined; key = cursor.key) {
        yield key;
        cursor.step();
      }
    },
  };
}

class PairCursor implements KeyCursor {
  readonly #some: KeyCursor;
  readonly #others: KeyCursor;

  constructor(some: KeyCursor, others: KeyCursor) {
    this.#some = some;
    this.#others = others;
  }

  get key(): string | undefined {
    return this.#first.key;
  }

  step(): void {
    this.#first.step();
  }

  skipTo(isAfter: (key: string) => boolean): void {
    this.#some.skipTo(isAfter);
    this.#others.skipTo(isAfter);
  }

  get #first(): KeyCursor {
    const [a, b] = [this.#some.key, this.#others.key];
    return b === undefined || (a !== undefined && compareKeys(a, b) < 0) ? this.#some : this.#others;
  }
}
