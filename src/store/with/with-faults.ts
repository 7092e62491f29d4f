/**
 * A store that can be made to fail, for tests: hooks run before a call reaches the store and after it was done. What a
 * hook throws is what the caller sees; after the fact it is a change that happened though the answer was lost.
 */
import type { ObjectStore } from "../object-store.ts";
import { type Decorated, Decorator, type PassingAction, type PassingCall, type StoreMethod } from "./decorator.ts";

/** One call of one method; a listing is one call per page. */
export interface StoreCall {
  readonly method: StoreMethod;
  /** The key, the prefix of a listing, empty for what concerns the bucket. */
  readonly key: string;
  /** Counts all calls of the store from 1. */
  readonly number: number;
}

export interface StoreFaults {
  readonly before?: ((call: StoreCall) => void | Promise<void>) | undefined;
  readonly after?: ((call: StoreCall) => void | Promise<void>) | undefined;
}

/** Wraps `store`; closing closes it. */
export function withFaults<S extends ObjectStore>(store: S, faults: StoreFaults): Decorated<S> {
  return new FaultyStore(store, faults) as unknown as Decorated<S>;
}

/** Faults that throw `error` at call number `nth`, counted from 1, before it reaches the store. */
export function failNthCall(nth: number, error: Error): StoreFaults {
  return {
    before: ({ number }) => {
      if (number === nth) throw error;
    },
  };
}

class FaultyStore extends Decorator {
  readonly #faults: StoreFaults;
  #calls = 0;

  constructor(inner: ObjectStore, faults: StoreFaults) {
    super(inner);
    this.#faults = faults;
  }

  protected override async around<T>({ method, key }: PassingCall, action: PassingAction<T>): Promise<T> {
    this.#calls += 1;
    const call: StoreCall = { method, key, number: this.#calls };
    await this.#faults.before?.(call);
    const result = await action();
    await this.#faults.after?.(call);
    return result;
  }
}
