/**
 * A cached store whose changes wait on this disk while the server is out of reach. This is only the door: what is behind it is loaded
 * with the first call.
 */
import type { CachedStore } from "../cached-store.ts";
import type { Desk } from "../desk.ts";
import type { OutboxPlace } from "./outbox-folder.ts";

/** What was queued, or given although it is only queued. */
export interface QueuedNotice {
  readonly uri: string;
  /** As `offline outbox list` names it. */
  readonly id: string;
  /** `"read"`: this is what a read was given, not what the server has. */
  readonly operation: "write" | "remove" | "read";
}

/** How one store uses the outbox. */
export interface OutboxUse {
  /** Whether changes may wait there; what waits already can be sent in any case. */
  readonly queues: boolean;
  /** What of the settings decides how a change is made: whoever sends it must say the same. Never a secret. */
  readonly terms: string;
  /** Writes take a key that may lie on no disk: they are refused instead of queued. */
  readonly hasCustomerKey: boolean;
  readonly onQueued?: ((notice: QueuedNotice) => void) | undefined;
}

/** The store as it is where nothing may wait. */
export function withOutbox<S extends CachedStore>(cached: S, desk: Desk, place: OutboxPlace): S {
  const { outbox, network } = desk.options;
  if (outbox?.queues !== true || network === "online") return cached;
  let opening: Promise<CachedStore> | undefined;
  const open = (): Promise<CachedStore> => {
    opening ??= import("./outboxed-store.ts").then(({ outboxedStore }) => outboxedStore(cached, desk, place));
    return opening;
  };
  return {
    ...cached,
    read: async (key, sink, options) => (await open()).read(key, sink, options),
    stat: async (key, options) => (await open()).stat(key, options),
    write: async (key, body, options) => (await open()).write(key, body, options),
    delete: async (key, options) => (await open()).delete(key, options),
    copyFrom: async (source, key, options) => (await open()).copyFrom(source, key, options),
    deleteMany: async function* (keys, options) {
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
