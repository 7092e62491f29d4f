/**
 * A store in front of a store that hands every call on: what the decorators here have in common. Each has all that the store
 * behind it has, the methods of a bucket included, and nothing that it has not.
 */
import { escapedKey } from "../local/object-path.ts";
import type {
  BodySink,
  BucketStore,
  CopySource,
  DeletedKey,
  DeleteManyOptions,
  DeleteOptions,
  ListOptions,
  ListPage,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  ReadResult,
  RequestOptions,
  VersionPage,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "../object-store.ts";
import type { PlannedCall, PlannedCosts } from "../planned-calls.ts";
import type { RetryPolicy } from "../retry-policy.ts";

/** What a decorator gives for `S`: a store with buckets stays one. */
export type Decorated<S extends ObjectStore> = S extends BucketStore ? BucketStore : ObjectStore;

/** Every method that does something; a listing is one call per page, `deleteMany` one of `delete` per key. */
export type StoreMethod =
  | "read"
  | "stat"
  | "write"
  | "delete"
  | "list"
  | "copyFrom"
  | "createBucket"
  | "removeBucket"
  | "presign";

/** One call on its way to the store behind. */
export interface PassingCall {
  readonly method: StoreMethod;
  /** The key, the prefix of a listing, empty for what concerns the bucket. */
  readonly key: string;
  /** Whether it is to change something, or lets others do so. */
  readonly changes: boolean;
  /** Whether what it finds decides if it does anything, so that a second time may find the first. */
  readonly conditional: boolean;
  readonly signal: AbortSignal | undefined;
  readonly retry: RetryPolicy | undefined;
}

/** The store's own way to delete many. */
export type DeleteMany = NonNullable<ObjectStore["deleteMany"]>;

/** The store's own way to list versions. */
export type ListVersions = NonNullable<ObjectStore["listVersions"]>;
export type VersionOptions = Parameters<ListVersions>[0];

/** Calls the store behind, under another policy of retries than the caller's if one is given. */
export type PassingAction<T> = (retry?: RetryPolicy) => Promise<T>;

interface PassedOptions extends RequestOptions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

const ofBucket: ReadonlySet<StoreMethod> = new Set(["createBucket", "removeBucket"]);
const changing: ReadonlySet<StoreMethod> = new Set(["write", "delete", "copyFrom", ...ofBucket]);

export class Decorator implements ObjectStore {
  readonly uri: string;
  readonly createBucket?: BucketStore["createBucket"];
  readonly removeBucket?: BucketStore["removeBucket"];
  readonly presign?: BucketStore["presign"];
  readonly deleteMany?: DeleteMany;
  readonly listVersions?: ListVersions;
  readonly requestsOf?: (call: PlannedCall) => PlannedCosts | undefined;
  readonly inner: ObjectStore;

  constructor(inner: ObjectStore, uri: string = inner.uri) {
    this.inner = inner;
    this.uri = uri;
    const deleteMany = inner.deleteMany?.bind(inner);
    if (deleteMany !== undefined) this.deleteMany = (keys, options) => this.deletions(deleteMany, keys, options);
    const listVersions = inner.listVersions?.bind(inner);
    if (listVersions !== undefined) this.listVersions = (options) => this.versions(listVersions, options);
    const requestsOf = inner.requestsOf?.bind(inner);
    if (requestsOf !== undefined) this.requestsOf = (call) => requestsOf(behind(call));
    if (!isBucketStore(inner)) return;
    this.createBucket = (options) => this.pass("createBucket", "", options, (given) => inner.createBucket(given));
    this.removeBucket = (options) => this.pass("removeBucket", "", options, (given) => inner.removeBucket(given));
    this.presign = (key, options) =>
      this.pass(
        "presign",
        key,
        options,
        (given = options) => inner.presign(this.keyBehind(key), given),
        options.method !== "GET",
      );
  }

  /** The object's address, for messages. */
  addressOf(key: string): string {
    return addressIn(this.uri, key);
  }

  /** What the store behind calls this key. */
  keyBehind(key: string): string {
    return key;
  }

  read(key: string, sink: BodySink, options?: ReadOptions): Promise<ReadResult | "not-modified"> {
    return this.pass("read", key, options, (given) => this.inner.read(this.keyBehind(key), sink, given));
  }

  stat(key: string, options?: Omit<ReadOptions, "range" | "ifNoneMatch">): Promise<ObjectInfo> {
    return this.pass("stat", key, options, (given) => this.inner.stat(this.keyBehind(key), given));
  }

  write(key: string, body: WriteBody, options?: WriteOptions): Promise<WriteResult> {
    return this.pass("write", key, options, (given) => this.inner.write(this.keyBehind(key), body, given));
  }

  delete(key: string, options?: DeleteOptions): Promise<void> {
    return this.pass("delete", key, options, (given) => this.inner.delete(this.keyBehind(key), given));
  }

  list(options: ListOptions = {}): AsyncGenerator<ListPage, void, undefined> {
    return this.#pages(() => this.inner.list(options), options);
  }

  /** The store behind is shown where the bytes really lie, whatever stands in front of them. */
  copyFrom(source: CopySource, key: string, options?: WriteOptions): Promise<WriteResult | undefined> {
    const from = originOf(source);
    return this.pass("copyFrom", key, options, (given) => this.inner.copyFrom(from, this.keyBehind(key), given));
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** In place of `deleteMany`, where the store behind has one. */
  protected async *deletions(
    deleteMany: DeleteMany,
    keys: readonly string[],
    options: DeleteManyOptions | undefined,
  ): AsyncGenerator<DeletedKey, void, undefined> {
    const behind = keys.map((key) => this.keyBehind(key));
    let index = 0;
    for await (const { error } of deleteMany(behind, options)) yield { key: keys[index++] ?? "", error };
  }

  /** In place of `listVersions`, where the store behind has one. */
  protected versions(
    listVersions: ListVersions,
    options: VersionOptions = {},
  ): AsyncGenerator<VersionPage, void, undefined> {
    return this.#pages(() => listVersions(options), options);
  }

  /** One call for each page. */
  async *#pages<P>(list: () => AsyncIterable<P>, options: ListOptions): AsyncGenerator<P, void, undefined> {
    const pages = list()[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.pass("list", options.prefix ?? "", options, () => pages.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await pages.return?.();
    }
  }

  /** Around each call, except where a method is replaced as a whole. */
  protected around<T>(_call: PassingCall, action: PassingAction<T>): Promise<T> {
    return action();
  }

  protected pass<O extends PassedOptions, T>(
    method: StoreMethod,
    key: string,
    options: O | undefined,
    action: (options: O | undefined) => Promise<T>,
    changes: boolean = changing.has(method),
  ): Promise<T> {
    const { signal, retry, ifMatch, ifNoneMatch } = options ?? {};
    const conditional = changes && (ofBucket.has(method) || ifMatch !== undefined || ifNoneMatch !== undefined);
    return this.around({ method, key, changes, conditional, signal, retry }, (policy) =>
      action(policy === undefined ? options : ({ ...options, retry: policy } as O)),
    );
  }
}

/** The address of `key` below that of a store: file URLs are escaped, everything else is taken as it is. */
export function addressIn(uri: string, key: string): string {
  return uri + (uri.startsWith("file:") ? escapedKey(key) : key);
}

/** The same object, by the store that no decorator stands in front of. */
function originOf(source: CopySource): CopySource {
  let { store, key } = source;
  while (store instanceof Decorator) {
    key = store.keyBehind(key);
    store = store.inner;
  }
  return { ...source, store, key };
}

/** A copy is planned between the stores that no decorator stands in front of. */
function behind(call: PlannedCall): PlannedCall {
  return call.call === "copyFrom"
    ? { ...call, from: originOf({ store: call.from as ObjectStore, key: "" }).store }
    : call;
}

/** The store itself and all behind it, from the front. */
export function* layersOf(store: ObjectStore): Generator<ObjectStore, void, undefined> {
  let layer = store;
  for (; layer instanceof Decorator; layer = layer.inner) yield layer;
  yield layer;
}

function isBucketStore(store: ObjectStore): store is BucketStore {
  const has = (name: "createBucket" | "removeBucket" | "presign") =>
    name in store && store[name as keyof ObjectStore] !== undefined;
  return has("createBucket") && has("removeBucket") && has("presign");
}
