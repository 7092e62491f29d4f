/**
 * A store that can be made to fail, for tests: hooks run before a call reaches the store and after it was done. What a
 * hook throws is what the caller sees; after the fact it is a change that happened though the answer was lost.
 */
import { type EntrepotError, isEntrepotError } from "../../error/index.ts";
import type {
  BodySink,
  CopySource,
  DeletedKey,
  DeleteOptions,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  ReadResult,
  RequestOptions,
  SizedSource,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";

/** One call of one method; a listing is one call per page, `deleteMany` one of `delete` per key. */
export interface StoreCall {
  readonly method: "read" | "stat" | "write" | "delete" | "list" | "copyFrom";
  /** The key, or the prefix of a listing. */
  readonly key: string;
  /** Counts all calls of the store from 1. */
  readonly number: number;
}

export interface StoreFaults {
  readonly before?: ((call: StoreCall) => void | Promise<void>) | undefined;
  readonly after?: ((call: StoreCall) => void | Promise<void>) | undefined;
}

/** Wraps `store`; closing closes it. */
export function withFaults(store: ObjectStore, faults: StoreFaults): ObjectStore {
  return new FaultyStore(store, faults);
}

/** Faults that throw `error` at call number `nth`, counted from 1, before it reaches the store. */
export function failNthCall(nth: number, error: Error): StoreFaults {
  return {
    before: ({ number }) => {
      if (number === nth) throw error;
    },
  };
}

class FaultyStore implements ObjectStore {
  readonly uri: string;
  readonly deleteMany: ObjectStore["deleteMany"];
  readonly #inner: ObjectStore;
  readonly #faults: StoreFaults;
  #calls = 0;

  constructor(inner: ObjectStore, faults: StoreFaults) {
    this.#inner = inner;
    this.#faults = faults;
    this.uri = inner.uri;
    if (inner.deleteMany !== undefined) this.deleteMany = (keys, options) => this.#deleteMany(keys, options);
  }

  read(key: string, sink: BodySink, options?: ReadOptions): Promise<ReadResult | "not-modified"> {
    return this.#call("read", key, () => this.#inner.read(key, sink, options));
  }

  stat(key: string, options?: Omit<ReadOptions, "range" | "ifNoneMatch">): Promise<ObjectInfo> {
    return this.#call("stat", key, () => this.#inner.stat(key, options));
  }

  write(key: string, body: Uint8Array | SizedSource, options?: WriteOptions): Promise<WriteResult> {
    return this.#call("write", key, () => this.#inner.write(key, body, options));
  }

  delete(key: string, options?: DeleteOptions): Promise<void> {
    return this.#call("delete", key, () => this.#inner.delete(key, options));
  }

  /** Each key is a call of `delete`; a hook's typed error is that key's outcome. */
  async *#deleteMany(keys: readonly string[], options?: RequestOptions): AsyncGenerator<DeletedKey, void, undefined> {
    const stopped = new Map<number, EntrepotError>();
    const calls = keys.map((key): StoreCall => ({ method: "delete", key, number: ++this.#calls }));
    for (const [index, call] of calls.entries()) {
      const error = await typedError(async () => this.#faults.before?.(call));
      if (error !== undefined) stopped.set(index, error);
    }
    const sent = keys.filter((_, index) => !stopped.has(index));
    const outcomes = this.#inner.deleteMany?.(sent, options)[Symbol.asyncIterator]();
    try {
      for (const [index, call] of calls.entries()) {
        let error = stopped.get(index);
        if (error === undefined) {
          const next = await outcomes?.next();
          if (next === undefined || next.done === true) return;
          error = next.value.error ?? (await typedError(async () => this.#faults.after?.(call)));
        }
        yield { key: call.key, error };
      }
    } finally {
      await outcomes?.return?.();
    }
  }

  async *list(options: ListOptions = {}): AsyncGenerator<ListPage, void, undefined> {
    const pages = this.#inner.list(options)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#call("list", options.prefix ?? "", () => pages.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await pages.return?.();
    }
  }

  copyFrom(source: CopySource, key: string, options?: WriteOptions): Promise<WriteResult | undefined> {
    const { store } = source;
    const inner = store instanceof FaultyStore ? { ...source, store: store.#inner } : source;
    return this.#call("copyFrom", key, () => this.#inner.copyFrom(inner, key, options));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #call<T>(method: StoreCall["method"], key: string, action: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    const call: StoreCall = { method, key, number: this.#calls };
    await this.#faults.before?.(call);
    const result = await action();
    await this.#faults.after?.(call);
    return result;
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
