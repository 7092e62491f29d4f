/**
 * A store that can be made to fail, for tests: hooks run before a call reaches the store and after it was done. What a
 * hook throws is what the caller sees; after the fact it is a change that happened though the answer was lost.
 */

import { type EntrepotError, isCount, isEntrepotError } from "../../error/index.ts";
import type { DeletedKey, DeleteManyOptions, ObjectStore } from "../object-store.ts";
import { checkOptions, checkStore, faultChecks } from "./check-arguments.ts";
import {
  type Decorated,
  Decorator,
  type DeleteMany,
  type PassingAction,
  type PassingCall,
  type StoreMethod,
} from "./decorator.ts";

/** One call of one method; a listing is one call per page, `deleteMany` one of `delete` per key. */
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
  checkStore("withFaults()", store);
  checkOptions("withFaults()", faults, faultChecks);
  return new FaultyStore(store, faults) as unknown as Decorated<S>;
}

/** Faults that throw `error` at call number `nth`, counted from 1, before it reaches the store. */
export function failNthCall(nth: number, error: Error): StoreFaults {
  const mistake = isCount(1)(nth, "the first argument", "failNthCall()");
  if (mistake !== undefined) throw mistake;
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

  /** Each key is a call of `delete`; a hook's typed error is that key's outcome. */
  protected override async *deletions(
    deleteMany: DeleteMany,
    keys: readonly string[],
    options: DeleteManyOptions | undefined,
  ): AsyncGenerator<DeletedKey, void, undefined> {
    const stopped = new Map<number, EntrepotError>();
    const calls = keys.map((key): StoreCall => ({ method: "delete", key, number: ++this.#calls }));
    for (const [index, call] of calls.entries()) {
      const error = await typedError(async () => this.#faults.before?.(call));
      if (error !== undefined) stopped.set(index, error);
    }
    const sent = keys.filter((_, index) => !stopped.has(index));
    const ifMatch = options?.ifMatch?.filter((_, index) => !stopped.has(index));
    const outcomes = deleteMany(sent, ifMatch === undefined ? options : { ...options, ifMatch })[
      Symbol.asyncIterator
    ]();
    try {
      for (const [index, call] of calls.entries()) {
        let error = stopped.get(index);
        if (error === undefined) {
          const next = await outcomes.next();
          if (next.done === true) return;
          error = next.value.error ?? (await typedError(async () => this.#faults.after?.(call)));
        }
        yield { key: call.key, error };
      }
    } finally {
      await outcomes.return?.();
    }
  }
}

async function typedError(hook: () => Promise<void>): Promise<EntrepotError | undefined> {
  try {
    await hook();
    return undefined;
  } catch (error) {
    if (isEntrepotError(error)) return error;
    throw error;
  }
}
