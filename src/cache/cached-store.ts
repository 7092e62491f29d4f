/** A store in front of a store, with the same contract: what is whole and remote comes from the local copy if it may. */
import type { Disk } from "../disk/index.ts";
import type { BucketStore, ObjectStore } from "../store/index.ts";
import { copyFrom, remove, removeMany, write } from "./change.ts";
import type { CachedStore } from "./contract.ts";
import { type Desk, idOf, refuseOffline } from "./desk.ts";
import { hold, holdIfPresent } from "./hold.ts";
import { inspect } from "./inspect.ts";
import { sendersOf } from "./outbox/senders.ts";
import { noteChange } from "./pins/known.ts";
import { list } from "./pins/list.ts";
import { readRange } from "./read-range.ts";
import { readWhole } from "./read-whole.ts";

const management = () => import("./management.ts");

/** The store behind each cached one: only that one knows its own kind, for server-side copies. */
const bare = new WeakMap<ObjectStore, ObjectStore>();

export function cachedStore(desk: Desk, disk: Disk): CachedStore {
  const { store } = desk;
  const cached: CachedStore = {
    uri: store.uri,
    read: async (key, sink, { cache = "use", range, ...options } = {}) => {
      const refresh = cache === "refresh";
      if (cache === "bypass") {
        refuseOffline(desk, `${store.uri}${key}`, "read past the cache");
        return store.read(key, sink, { ...options, range });
      }
      if (range !== undefined) return readRange(desk, key, sink, { ...options, range, refresh });
      return readWhole(desk, key, sink, { ...options, refresh });
    },
    stat: async (key, { cache = "use", ...options } = {}) => {
      if (cache !== "bypass") return (await inspect(desk, key, { ...options, refresh: cache === "refresh" })).info;
      refuseOffline(desk, `${store.uri}${key}`, "ask for");
      return store.stat(key, options);
    },
    write: async (key, body, { cache = "use", ...options } = {}) => {
      const result = await write(desk, key, body, { ...options, bypass: cache === "bypass" });
      await noteChange(desk, key, result);
      return result;
    },
    delete: async (key, options) => {
      await remove(desk, key, options);
      // Which version is the newest after one of them went, the server alone knows.
      if (options?.versionId === undefined) await noteChange(desk, key, undefined);
    },
    deleteMany:
      store.deleteMany &&
      async function* (keys, options) {
        for await (const deleted of removeMany(desk, keys, options)) {
          if (deleted.error === undefined) await noteChange(desk, deleted.key, undefined);
          yield deleted;
        }
      },
    list: (options) => list(desk, options),
    copyFrom: async (source, key, options = {}) => {
      const result = await copyFrom(desk, source, key, options, (other) => bare.get(other) ?? other);
      if (result !== undefined) await noteChange(desk, key, result);
      return result;
    },
    hold: async (key, options) => hold(desk, disk, key, options),
    holdIfPresent: async (key, options) => holdIfPresent(desk, key, options),
    pathOf: async (key, versionId) => {
      const found = await desk.shelf.findWithData(idOf(desk, key, versionId).hash);
      return typeof found === "string" ? undefined : desk.shelf.reader.dataPath(found.record);
    },
    entryOf: (key, versionId) => idOf(desk, key, versionId).hash,
    senders: sendersOf(desk),
    pin: async (request) => (await management()).beginPin(desk, disk, request),
    unpin: async (request) => (await management()).unpin(desk, request),
    close: () => store.close(),
  };
  bare.set(cached, store);
  return cached;
}

/** A store in front of a cached one is the same to the store behind both. */
export function standsFor<S extends CachedStore>(front: S, cached: CachedStore): S {
  const store = bare.get(cached);
  if (store !== undefined) bare.set(front, store);
  return front;
}

/** The same for a store with buckets. */
export function cachedBucketStore(desk: Desk, store: BucketStore, disk: Disk): CachedStore & BucketStore {
  const refused = (action: string) => refuseOffline(desk, store.uri, action);
  const cached: CachedStore & BucketStore = {
    ...cachedStore(desk, disk),
    createBucket: async (options) => {
      refused("create");
      await store.createBucket(options);
    },
    removeBucket: async (options) => {
      refused("remove");
      await store.removeBucket(options);
    },
    presign: (key, options) => store.presign(key, options),
  };
  bare.set(cached, store);
  return cached;
}
