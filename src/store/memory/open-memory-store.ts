/** An object store in the memory of this process: the contract at its plainest. Nothing outlives it. */
import { randomBytes } from "node:crypto";
import { type BodyContext, bodyChunks, bodySize } from "../body-chunks.ts";
import { checkRange, resolveRange } from "../byte-range.ts";
import { checkNoVersion, checkRead, checkWrite, notFound, otherVersion } from "../conditions.ts";
import { listPages, listSettings } from "../list-pages.ts";
import { metadataPairs } from "../metadata.ts";
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
import { untilAborted } from "../until-aborted.ts";
import { listKeys } from "./list-keys.ts";
import { sortedKeys } from "./sorted-keys.ts";

export interface MemoryStoreOptions {
  /** The root's address. Default `memory:///`. */
  readonly uri?: string | undefined;
  /** Milliseconds since 1970, for `modifiedMs`. */
  readonly now?: (() => number) | undefined;
}

/** Opens an empty store. Object addresses are `uri` with the key behind it, unescaped. */
export function openMemoryStore(options: MemoryStoreOptions = {}): ObjectStore {
  return new MemoryStore(options);
}

/** Never changed once it is in the map, so that a read that has begun sees one version. */
interface StoredObject {
  readonly info: ObjectInfo;
  readonly bytes: Uint8Array;
}

const chunkBytes = 256 * 1024;

class MemoryStore implements ObjectStore {
  readonly uri: string;
  readonly #now: () => number;
  readonly #objects = new Map<string, StoredObject>();
  readonly #sorted = sortedKeys(this.#objects);
  /** ETags are not to repeat in another process, where the same address may hold other bytes. */
  readonly #etagStem: string = randomBytes(8).toString("hex");
  #versions = 0;

  constructor({ uri = "memory:///", now = Date.now }: MemoryStoreOptions) {
    this.uri = uri;
    this.#now = now;
  }

  async read(key: string, sink: BodySink, options: ReadOptions = {}): Promise<ReadResult | "not-modified"> {
    const { signal } = options;
    signal?.throwIfAborted();
    checkRange(options.range);
    const { info, bytes } = this.#find(key, options.versionId);
    if (checkRead(this.#uriOf(key), info.etag, options) !== undefined) return "not-modified";
    const range = resolveRange(options.range, info.sizeBytes, this.#uriOf(key));
    sink.start(info, range);
    for (let position = range.start; position < range.end; position += chunkBytes) {
      signal?.throwIfAborted();
      // A copy: what the sink does to its piece must not reach the object.
      const written = sink.write(bytes.slice(position, Math.min(position + chunkBytes, range.end)));
      if (written !== undefined) await untilAborted(written, signal);
    }
    signal?.throwIfAborted();
    return { info, range, verified: "length" };
  }

  async stat(key: string, options: Omit<ReadOptions, "range" | "ifNoneMatch"> = {}): Promise<ObjectInfo> {
    options.signal?.throwIfAborted();
    const { info } = this.#find(key, options.versionId);
    checkRead(this.#uriOf(key), info.etag, { ifMatch: options.ifMatch });
    return info;
  }

  async write(key: string, body: WriteBody, options: WriteOptions = {}): Promise<WriteResult> {
    const uri = this.#uriOf(key);
    options.signal?.throwIfAborted();
    checkWrite(uri, this.#objects.get(key)?.info.etag, options);
    const bytes = await gather(body, { uri, signal: options.signal });
    options.signal?.throwIfAborted();
    return this.#put(key, bytes, options);
  }

  async delete(key: string, options: DeleteOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    checkNoVersion(this.#uriOf(key), options.versionId);
    const etag = this.#objects.get(key)?.info.etag;
    if (options.ifMatch !== undefined && etag === undefined) throw notFound(this.#uriOf(key));
    if (options.ifMatch !== undefined && options.ifMatch !== etag) throw otherVersion(this.#uriOf(key));
    if (this.#objects.delete(key)) this.#sorted.forget();
  }

  list(options: ListOptions = {}): AsyncIterable<ListPage> {
    const settings = listSettings(options);
    const infoOf = (key: string): ObjectInfo | undefined => this.#objects.get(key)?.info;
    return listPages(listKeys(this.#sorted, infoOf, settings), settings.pageSize, options.signal);
  }

  async copyFrom(source: CopySource, key: string, options: WriteOptions = {}): Promise<WriteResult | undefined> {
    if (!(source.store instanceof MemoryStore)) return undefined;
    options.signal?.throwIfAborted();
    const { info, bytes } = source.store.#find(source.key, source.versionId);
    checkRead(source.store.#uriOf(source.key), info.etag, { ifMatch: source.ifMatch });
    return this.#put(key, bytes, { ...describedBy(info), ...options, metadata: options.metadata ?? info.metadata });
  }

  async close(): Promise<void> {
    this.#objects.clear();
    this.#sorted.forget();
  }

  #uriOf(key: string): string {
    return this.uri + key;
  }

  #find(key: string, versionId: string | undefined): StoredObject {
    checkNoVersion(this.#uriOf(key), versionId);
    const found = this.#objects.get(key);
    if (found === undefined) throw notFound(this.#uriOf(key));
    return found;
  }

  /** Checks and replaces without a pause between, so that of several only one wins. */
  #put(key: string, bytes: Uint8Array, options: WriteOptions): WriteResult {
    const before = this.#objects.get(key);
    checkWrite(this.#uriOf(key), before?.info.etag, options);
    this.#versions += 1;
    const etag = `"${this.#etagStem}-${this.#versions}"`;
    const { metadata } = options;
    const info: ObjectInfo = {
      key,
      sizeBytes: bytes.byteLength,
      modifiedMs: this.#now(),
      etag,
      versionId: undefined,
      ...describedBy(options),
      ...(metadata === undefined ? {} : { metadata: Object.fromEntries(metadataPairs(metadata)) }),
    };
    this.#objects.set(key, { info, bytes });
    if (before === undefined) this.#sorted.forget();
    return { etag, sizeBytes: bytes.byteLength, versionId: undefined };
  }
}

/** All of it in memory of its own: whoever gave a chunk may use it again. */
async function gather(body: WriteBody, context: BodyContext): Promise<Uint8Array> {
  const sizeBytes = bodySize(body);
  if (sizeBytes === undefined) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bodyChunks(body, context)) chunks.push(chunk.slice());
    return Buffer.concat(chunks);
  }
  const bytes = new Uint8Array(sizeBytes);
  let position = 0;
  for await (const chunk of bodyChunks(body, context)) {
    bytes.set(chunk, position);
    position += chunk.byteLength;
  }
  return bytes;
}

const description = [
  "contentType",
  "contentEncoding",
  "contentLanguage",
  "contentDisposition",
  "cacheControl",
  "storageClass",
] as const;

/** What is said of an object, without what is left open. */
function describedBy(said: WriteOptions | ObjectInfo): Pick<ObjectInfo, (typeof description)[number]> {
  return Object.fromEntries(description.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]])));
}
