/** A cache on a real folder, in front of a store in memory behind a wire that logs, breaks and waits when told. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type Cache,
  type CachedReadOptions,
  type CachedStore,
  type OpenCacheOptions,
  openCache,
  openCircuit,
  type StaleNotice,
  type WrapOptions,
} from "../src/cache/index.ts";
import { openNodeDisk } from "../src/disk/index.ts";
import { EntrepotError } from "../src/error/index.ts";
import { type BodySink, BytesSink, type ObjectStore, openMemoryStore, type ReadOptions } from "../src/store/index.ts";

/** What stands between the cache and the store. */
export interface Wire {
  /** What was asked, oldest first; forgets it. */
  take(): string[];
  /** Every call fails with this before anything happens; `undefined` mends it. */
  down: EntrepotError | undefined;
  /** The next reads end with this error after so many bytes. */
  cutAfter: { readonly bytes: number; readonly error: EntrepotError; times: number } | undefined;
  /** Awaited before a call reaches the store. */
  gate: Promise<void> | undefined;
  /** Bytes of a piece. */
  pieceBytes: number;
  /** The options of the last read. */
  lastRead: ReadOptions | undefined;
}

export const unreachable = (): EntrepotError => new EntrepotError("unreachable", "nobody answers");

export interface Bench {
  readonly dir: string;
  readonly store: ObjectStore;
  readonly wired: ObjectStore;
  readonly wire: Wire;
  readonly cache: Cache;
  readonly cached: CachedStore;
  readonly clock: { nowMs: number };
  readonly stale: StaleNotice[];
  readonly warnings: EntrepotError[];
  put(key: string, content: string | Uint8Array): Promise<string>;
  /** Another cache on the same folder, as after a new start of the process. */
  reopen(options?: Partial<OpenCacheOptions>): Cache;
  wrap(options?: Partial<WrapOptions>, cache?: Cache): CachedStore;
}

export async function openBench(options: Partial<OpenCacheOptions> & Partial<WrapOptions> = {}): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), "entrepot-cache-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return benchIn(dir, options);
}

export function benchIn(dir: string, options: Partial<OpenCacheOptions> & Partial<WrapOptions> = {}): Bench {
  const store = openMemoryStore({ uri: "s3://bucket/" });
  const { wire, wired } = wiredStore(store);
  const clock = { nowMs: Date.now() };
  const stale: StaleNotice[] = [];
  const warnings: EntrepotError[] = [];
  const now = (): number => clock.nowMs;
  const circuit = openCircuit(now);
  const reopen: Bench["reopen"] = (changes) =>
    openCache({
      disk: openNodeDisk(),
      dir: join(dir, "cache"),
      now,
      bootId: "boot-1",
      host: "host-1",
      onWarning: (warning) => warnings.push(warning),
      ...options,
      ...changes,
    });
  const cache = reopen();
  const wrap: Bench["wrap"] = (changes, behind = cache) =>
    behind.wrap(wired, {
      identity: ["s3", "https://s3.example.org", "bucket", "signed"],
      circuit,
      network: "auto",
      onStale: (notice) => stale.push(notice),
      ...options,
      ...changes,
    });
  const put: Bench["put"] = async (key, content) => (await store.write(key, bytesOf(content))).etag;
  return {
    dir: join(dir, "cache"),
    store,
    wired,
    wire,
    cache,
    cached: wrap(),
    clock,
    stale,
    warnings,
    put,
    reopen,
    wrap,
  };
}

export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

const made = new Map<string, Uint8Array<ArrayBuffer>>();

/** Bytes of which no two stretches are alike; not to be changed. */
export function noise(sizeBytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const name = `${sizeBytes} ${seed}`;
  const bytes = made.get(name) ?? makeNoise(sizeBytes, seed);
  made.set(name, bytes);
  return bytes;
}

function makeNoise(sizeBytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < sizeBytes; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export async function readAll(store: CachedStore, key: string, options?: CachedReadOptions): Promise<Uint8Array> {
  const sink = new BytesSink();
  await store.read(key, sink, options);
  return sink.bytes;
}

export async function readText(store: CachedStore, key: string, options?: CachedReadOptions): Promise<string> {
  return new TextDecoder().decode(await readAll(store, key, options));
}

function wiredStore(store: ObjectStore): { wire: Wire; wired: ObjectStore } {
  let log: string[] = [];
  const wire: Wire = {
    take: () => log.splice(0),
    down: undefined,
    cutAfter: undefined,
    gate: undefined,
    pieceBytes: 64 * 1024,
    lastRead: undefined,
  };
  log = [];
  const pass = async (line: string): Promise<number> => {
    const index = log.push(line) - 1;
    await wire.gate;
    if (wire.down !== undefined) throw wire.down;
    return index;
  };
  const wired: ObjectStore = {
    ...store,
    uri: store.uri,
    read: async (key, sink, options = {}) => {
      wire.lastRead = options;
      const range = options.range === undefined ? "" : ` ${JSON.stringify(options.range)}`;
      const condition = options.ifNoneMatch === undefined ? "" : " if-none-match";
      const line = `read ${key}${range}${condition}`;
      const index = await pass(line);
      options.signal?.throwIfAborted();
      const result = await store.read(key, throughWire(wire, sink), options);
      if (result === "not-modified") log[index] = `${line}: not-modified`;
      return result;
    },
    stat: async (key, options) => {
      await pass(`stat ${key}`);
      return store.stat(key, options);
    },
    write: async (key, body, options) => {
      await pass(`write ${key}`);
      return store.write(key, body, options);
    },
    delete: async (key, options) => {
      await pass(`delete ${key}`);
      return store.delete(key, options);
    },
    copyFrom: async (source, key, options) => {
      await pass(`copy ${source.key} ${key}`);
      const from = source.store === wired ? store : source.store;
      return store.copyFrom({ ...source, store: from }, key, options);
    },
    list: async function* (options) {
      await pass("list");
      yield* store.list(options);
    },
    close: () => store.close(),
  };
  return { wire, wired };
}

/** The same bytes in other pieces, cut where the wire says. */
function throughWire(wire: Wire, sink: BodySink): BodySink {
  let left = Number.POSITIVE_INFINITY;
  const cut = wire.cutAfter;
  if (cut !== undefined && cut.times > 0) {
    cut.times -= 1;
    left = cut.bytes;
  }
  return {
    get restartable() {
      return sink.restartable === true;
    },
    start: (info, range) => sink.start(info, range),
    write: async (chunk) => {
      for (let at = 0; at < chunk.byteLength; ) {
        const piece = chunk.slice(at, at + Math.min(wire.pieceBytes, left));
        if (piece.byteLength > 0) await sink.write(piece);
        // The piece was only lent.
        piece.fill(0xee);
        at += piece.byteLength;
        left -= piece.byteLength;
        if (left <= 0 && cut !== undefined) throw cut.error;
      }
    },
  };
}
