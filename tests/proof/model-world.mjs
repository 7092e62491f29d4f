/** A server in memory that can be switched off, a clock that is set by hand, and our cache or a simple one between them and a folder. */
import { makeContent } from "./content.mjs";

/** @typedef {typeof import("./rooms.ts")} Rooms */
/** @typedef {import("./proof.ts").TestedCache} TestedCache */
/** @typedef {{ online: TestedCache, offline: TestedCache }} Sides */

export class World {
  /** @param {Rooms} rooms @param {string} dir */
  constructor(rooms, dir) {
    this.rooms = rooms;
    this.dir = dir;
    this.store = rooms.openMemoryStore({ uri: "s3://b/" });
    this.isDown = false;
    this.nowMs = 1_790_000_000_000;
    this.staleNotices = 0;
    this.starts = 0;
    this.circuit = rooms.openCircuit(() => this.nowMs);
  }

  /** @param {string} key @param {number} version @param {number} sizeBytes */
  async put(key, version, sizeBytes) {
    await this.store.write(key, makeContent(key, version, sizeBytes));
  }

  /** @param {string} key */
  async remove(key) {
    await this.store.delete(key);
  }

  /** What clients reach the server by. @returns {import("../../src/store/index.ts").ObjectStore} */
  wire() {
    const { store, rooms } = this;
    const check = () => {
      if (this.isDown) throw new rooms.EntrepotError("unreachable", "nobody answers");
    };
    return {
      ...store,
      uri: store.uri,
      read: async (key, sink, options) => {
        check();
        return store.read(key, sink, options);
      },
      stat: async (key, options) => {
        check();
        return store.stat(key, options);
      },
      write: async (key, body, options) => {
        check();
        return store.write(key, body, options);
      },
      delete: async (key, options) => {
        check();
        return store.delete(key, options);
      },
    };
  }

  /** As a new process would. @param {boolean} isNewBoot @returns {Sides} */
  ours(isNewBoot) {
    const { rooms, dir, circuit } = this;
    if (isNewBoot) this.starts += 1;
    const cache = rooms.openCache({
      disk: rooms.openNodeDisk(),
      dir,
      now: () => this.nowMs,
      host: "h",
      bootId: `boot ${this.starts}`,
    });
    const shared = { identity: ["s3", "https://s3.example.org", "b", "signed"], circuit };
    const onStale = () => {
      this.staleNotices += 1;
    };
    const tested = (/** @type {"auto" | "offline"} */ network) => {
      const store = cache.wrap(this.wire(), { ...shared, network, onStale });
      const read = async (
        /** @type {string} */ key,
        /** @type {import("../../src/store/index.ts").ByteRange | undefined} */ range,
      ) => {
        const sink = new rooms.BytesSink();
        await store.read(key, sink, { range });
        return sink.bytes;
      };
      /** @type {TestedCache} */
      const side = {
        read: (key) => read(key, undefined),
        readRange: (key, start, end) => read(key, { start, end }),
        write: async (key, bytes) => void (await store.write(key, bytes)),
        remove: (key) => store.delete(key),
        async withCopy(key, use) {
          const held = await store.hold(key);
          try {
            return await use(held.path);
          } finally {
            await held.close();
          }
        },
        prune: async (maxBytes) => void (await cache.prune({ maxBytes })),
        async filesOf(key) {
          const data = await store.pathOf(key);
          return data === undefined ? undefined : { data, record: data.replace(/-[0-9a-f]{16}(?:\.[^/]*)?$/, ".json") };
        },
        otherVerbs: (key) => ({ stat: () => store.stat(key) }),
        writeLocal: () => Promise.reject(new Error("not here")),
        close: () => cache.close(),
      };
      return side;
    };
    return { online: tested("auto"), offline: tested("offline") };
  }

  /** @param {import("./proof.ts").CacheModule} module @returns {Sides} */
  theirs(module) {
    const given = {
      endpoint: "http://server",
      dir: this.dir,
      fetch: (/** @type {any} */ url, /** @type {RequestInit | undefined} */ init) => this.fetch(url, init),
    };
    return { online: module.open(given), offline: module.open({ ...given, offline: true }) };
  }

  /** The same server for those that speak HTTP. @param {string} url @param {RequestInit} [init] */
  async fetch(url, { method = "GET", headers, body } = {}) {
    const { rooms, store } = this;
    if (this.isDown) throw new TypeError("fetch failed");
    const key = decodeURIComponent(new URL(url).pathname.slice("/b/".length));
    try {
      if (method === "PUT") {
        const { etag } = await store.write(key, new Uint8Array(/** @type {Buffer} */ (body)));
        return new Response(null, { headers: { etag } });
      }
      if (method === "DELETE") {
        await store.delete(key);
        return new Response(null, { status: 204 });
      }
      const sink = new rooms.BytesSink();
      const read = await store.read(key, sink, { ifNoneMatch: new Headers(headers).get("if-none-match") ?? undefined });
      if (read === "not-modified") return new Response(null, { status: 304 });
      return new Response(sink.bytes, { headers: { etag: read.info.etag } });
    } catch (error) {
      if (rooms.isEntrepotError(error, "not-found")) return new Response(null, { status: 404 });
      throw error;
    }
  }
}
