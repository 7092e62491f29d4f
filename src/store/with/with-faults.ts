/**
 * A store that can be made to fail, for tests: hooks run before a call reaches the store and after it was done. What a
 * hook throws is what the caller sees; after the fact it is a change that happened though the answer was lost.
 */
import type {
  BodySink,
  CopySource,
  DeleteOptions,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  ReadResult,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";

/** One call of one method; a listing is one call per page. */
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
  readonly #inner: ObjectStore;
  readonly #faults: StoreFaults;
  #calls = 0;

  constructor(inner: ObjectStore, faults: StoreFaults) {
    this.#inner = inner;
    this.#faults = faults;
    this.uri = inner.uri;
  }

  read(key: string, sink: BodySink, options?: ReadOptions): Promise<ReadResult | "not-modified"> {
    return this.#call("read", key, () => this.#inner.read(key, sink, options));
  }

  stat(key: string, options?: Omit<ReadOptions, "range" | "ifNoneMatch">): Promise<ObjectInfo> {
    return this.#call("stat", key, () => this.#inner.stat(key, options));
  }

  write(key: string, body: WriteBody, options?: WriteOptions): Promise<WriteResult> {
    return this.#call("write", key, () => this.#inner.write(key, body, options));
  }

  delete(key: string, options?: DeleteOptions): Promise<void> {
    return this.#call("delete", key, () => this.#inner.delete(key, options));
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
