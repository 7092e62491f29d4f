/**
 * A cached store whose changes wait on this disk while the server is out of reach. This is only the door: what is behind it is loaded
 * with the first call.
 */
import type { CachedStore } from "../contract.ts";
import type { Desk } from "../desk.ts";
import type { OutboxPlace } from "./outbox-folder.ts";

/** The store as it is where nothing may wait. */
export function withOutbox<S extends CachedStore>(cached: S, desk: Desk, place: OutboxPlace): S {
  const { outbox, network } = desk.options;
  if (outbox?.queues !== true || network === "online") return cached;
  let opening: Promise<CachedStore> | undefined;
  const open = (): Promise<CachedStore> => {
    opening ??= import("./behind-the-door.ts").then(({ outboxedStore }) => outboxedStore(cached, desk, place));
    return opening;
  };
  return {
    ...cached,
    read: async (key, sink, options) => (await open()).read(key, sink, options),
    stat: async (key, options) => (await open()).stat(key, options),
    write: async (key, body, options) => (await open()).write(key, body, options),
    delete: async (key, options) => (await open()).delete(key, options),
    copyFrom: async (source, key, options) => (await open()).copyFrom(source, key, options),
    deleteMany:
      cached.deleteMany &&
      async function* (keys, options) {
        yield* (await open()).deleteMany?.(keys, options) ?? [];
      },
    list: async function* (options) {
      yield* (await open()).list(options);
    },
    hold: async (key, options) => (await open()).hold(key, options),
    holdIfPresent: async (key, options) => (await open()).holdIfPresent(key, options),
    pathOf: async (key, versionId) => (await open()).pathOf(key, versionId),
  };
}
