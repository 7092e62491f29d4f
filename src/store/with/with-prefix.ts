/** A store that is a part of another: all keys lie below a prefix, which callers neither give nor see. */
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
  SizedSource,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";

/** `prefix` is any string; one that ends in `/` makes a folder the root. Closing it closes `store`. */
export function withPrefix(store: ObjectStore, prefix: string): ObjectStore {
  return new PrefixStore(store, prefix);
}

class PrefixStore implements ObjectStore {
  readonly uri: string;
  readonly #inner: ObjectStore;
  readonly #prefix: string;

  constructor(inner: ObjectStore, prefix: string) {
    this.#inner = inner;
    this.#prefix = prefix;
    this.uri = inner.uri + prefix;
  }

  async read(key: string, sink: BodySink, options?: ReadOptions): Promise<ReadResult | "not-modified"> {
    const inner: BodySink = {
      start: (info, range) => sink.start(this.#below(info), range),
      write: (chunk) => sink.write(chunk),
      ...(sink.writeAt === undefined ? undefined : { writeAt: sink.writeAt.bind(sink) }),
      restartable: sink.restartable,
    };
    const result = await this.#inner.read(this.#prefix + key, inner, options);
    return result === "not-modified" ? result : { ...result, info: this.#below(result.info) };
  }

  async stat(key: string, options?: Omit<ReadOptions, "range" | "ifNoneMatch">): Promise<ObjectInfo> {
    return this.#below(await this.#inner.stat(this.#prefix + key, options));
  }

  write(key: string, body: Uint8Array | SizedSource, options?: WriteOptions): Promise<WriteResult> {
    return this.#inner.write(this.#prefix + key, body, options);
  }

  delete(key: string, options?: DeleteOptions): Promise<void> {
    return this.#inner.delete(this.#prefix + key, options);
  }

  async *list(options: ListOptions = {}): AsyncGenerator<ListPage, void, undefined> {
    const { prefix = "", startAfter } = options;
    const start = startAfter === undefined ? {} : { startAfter: this.#prefix + startAfter };
    for await (const page of this.#inner.list({ ...options, ...start, prefix: this.#prefix + prefix })) {
      yield {
        objects: page.objects.map((info) => this.#below(info)),
        folders: page.folders.map((folder) => folder.slice(this.#prefix.length)),
      };
    }
  }

  copyFrom(source: CopySource, key: string, options?: WriteOptions): Promise<WriteResult | undefined> {
    const { store } = source;
    const inner =
      store instanceof PrefixStore ? { ...source, store: store.#inner, key: store.#prefix + source.key } : source;
    return this.#inner.copyFrom(inner, this.#prefix + key, options);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #below(info: ObjectInfo): ObjectInfo {
    return { ...info, key: info.key.slice(this.#prefix.length) };
  }
}
