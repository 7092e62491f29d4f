/** A store that is a part of another: all keys lie below a prefix, which callers neither give nor see. */
import { wrongValue } from "../../error/index.ts";
import type {
  BodySink,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  ReadResult,
  VersionPage,
} from "../object-store.ts";
import { checkStore } from "./check-arguments.ts";
import { addressIn, type Decorated, Decorator, type ListVersions, type VersionOptions } from "./decorator.ts";
import { passingSink } from "./passing-sink.ts";

/**
 * `prefix` is any string; one that ends in `/` makes a folder the root. The bucket of a store with buckets is that of the whole.
 * Closing it closes `store`.
 */
export function withPrefix<S extends ObjectStore>(store: S, prefix: string): Decorated<S> {
  checkStore("withPrefix()", store);
  if (typeof prefix !== "string") throw wrongValue("the second argument", "withPrefix()", "a string", prefix);
  return new PrefixStore(store, prefix) as unknown as Decorated<S>;
}

class PrefixStore extends Decorator {
  readonly #prefix: string;

  constructor(inner: ObjectStore, prefix: string) {
    super(inner, addressIn(inner.uri, prefix));
    this.#prefix = prefix;
  }

  override keyBehind(key: string): string {
    return this.#prefix + key;
  }

  override async read(key: string, sink: BodySink, options?: ReadOptions): Promise<ReadResult | "not-modified"> {
    const result = await super.read(key, passingSink(sink, { info: (info) => this.#below(info) }), options);
    return result === "not-modified" ? result : { ...result, info: this.#below(result.info) };
  }

  override async stat(key: string, options?: Omit<ReadOptions, "range" | "ifNoneMatch">): Promise<ObjectInfo> {
    return this.#below(await super.stat(key, options));
  }

  override async *list(options: ListOptions = {}): AsyncGenerator<ListPage, void, undefined> {
    const { prefix = "", startAfter } = options;
    const start = startAfter === undefined ? {} : { startAfter: this.#prefix + startAfter };
    for await (const page of super.list({ ...options, ...start, prefix: this.#prefix + prefix })) {
      yield {
        objects: page.objects.map((info) => this.#below(info)),
        folders: page.folders.map((folder) => folder.slice(this.#prefix.length)),
      };
    }
  }

  protected override async *versions(
    listVersions: ListVersions,
    options: VersionOptions = {},
  ): AsyncGenerator<VersionPage, void, undefined> {
    const prefix = this.#prefix + (options.prefix ?? "");
    for await (const page of super.versions(listVersions, { ...options, prefix })) {
      yield {
        versions: page.versions.map((version) => ({ ...version, key: version.key.slice(this.#prefix.length) })),
        folders: page.folders.map((folder) => folder.slice(this.#prefix.length)),
      };
    }
  }

  #below(info: ObjectInfo): ObjectInfo {
    return { ...info, key: info.key.slice(this.#prefix.length) };
  }
}
