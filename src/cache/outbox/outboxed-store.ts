/**
 * What goes into the outbox and what goes to the server: offline every change waits; in auto mode those that find the server away,
 * and those of an object for which others wait already. Who reads such an object is given what waits.
 */
import { randomUUID } from "node:crypto";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import {
  type CopySource,
  checkRead,
  type DeletedKey,
  type DeleteManyOptions,
  type DeleteOptions,
  type RequestOptions,
  type WriteBody,
  type WriteResult,
} from "../../store/index.ts";
import { quick, watched } from "../ask.ts";
import type { CachedStore, CachedWriteOptions } from "../contract.ts";
import { type Desk, idOf, isOutOfReach } from "../desk.ts";
import type { EntryId } from "../layout.ts";
import { enqueueRemoval, enqueueWrite, type Queue, type Tried } from "./enqueue.ts";
import type { QueuedWrite } from "./entry.ts";
import { listedWithQueued } from "./list-queued.ts";
import { objectPart } from "./names.ts";
import { OutboxFolder, type OutboxPlace } from "./outbox-folder.ts";
import type { QueuedNotice } from "./outbox-use.ts";
import { NoLongerQueued } from "./queued-bytes.ts";
import { holdQueued, queuedInfo, readQueued, removedHere } from "./read-queued.ts";
import { lastOf, queuedNames, type Waiting } from "./waiting.ts";

export function outboxedStore(cached: CachedStore, desk: Desk, place: OutboxPlace): CachedStore {
  const folder = new OutboxFolder(place);
  const store = new Outboxed(cached, { desk, folder, terms: desk.options.outbox?.terms ?? "" });
  return {
    ...cached,
    read: async (key, sink, options = {}) => {
      const read = await store.whileQueued(key, options, ({ stem, write }) =>
        readQueued(folder, stem, write, sink, options),
      );
      return read ?? cached.read(key, sink, options);
    },
    stat: async (key, options = {}) => {
      const queued = await store.queued(key, options);
      if (queued === undefined) return cached.stat(key, options);
      checkRead(queued.write.uri, queued.write.etag, options);
      return queuedInfo(queued.write);
    },
    hold: async (key, options = {}) => {
      const held = await store.whileQueued(key, options, ({ stem, write }) =>
        holdQueued(desk, folder, stem, write, options),
      );
      return held ?? cached.hold(key, options);
    },
    holdIfPresent: async (key, options = {}) => {
      const held = await store.whileQueued(key, options, ({ stem, write }) =>
        holdQueued(desk, folder, stem, write, options),
      );
      return held ?? cached.holdIfPresent(key, options);
    },
    pathOf: async (key, versionId) => {
      const queued = await store.queued(key, { versionId }, true).catch(unlessMissing);
      return queued === undefined ? cached.pathOf(key, versionId) : folder.pathOf(queued.stem, "data");
    },
    list: (options) => listedWithQueued(cached.list(options), desk, folder, options),
    write: (key, body, options = {}) => store.write(key, body, options),
    delete: (key, options = {}) => store.remove(key, options),
    copyFrom: async (source, key, options) =>
      (await store.isForServer(source, key)) ? cached.copyFrom(source, key, options) : undefined,
    deleteMany: cached.deleteMany && ((keys, options) => store.removeMany(keys, options)),
  };
}

interface Asked {
  readonly cache?: "use" | "bypass" | "refresh" | undefined;
  readonly versionId?: string | undefined;
}

interface Queued {
  readonly stem: string;
  readonly write: QueuedWrite;
}

class Outboxed {
  readonly #cached: CachedStore;
  readonly #queue: Queue;

  constructor(cached: CachedStore, queue: Queue) {
    this.#cached = cached;
    this.#queue = queue;
  }

  /** The write that waits, if the last change of the object is one that does. Error: not-found when that is a removal. */
  async queued(key: string, { cache = "use", versionId }: Asked, isQuiet = false): Promise<Queued | undefined> {
    // Who asks for a version, or past what is here, asks the server.
    if (versionId !== undefined || cache !== "use") return undefined;
    const { desk } = this.#queue;
    const id = idOf(desk, key);
    const last = await this.#last(id);
    if (last === undefined) return undefined;
    const { change, name } = last;
    if (!isQuiet) this.#tell({ uri: id.uri, id: change.id, operation: "read" });
    if (change.operation === "remove") throw removedHere(id.uri, change.id);
    return { stem: name.stem, write: change };
  }

  /** What `work` makes of the write that waits; it is looked for again when it was sent meanwhile. `undefined`: none waits. */
  async whileQueued<T>(key: string, asked: Asked, work: (queued: Queued) => Promise<T>): Promise<T | undefined> {
    for (;;) {
      const queued = await this.queued(key, asked);
      if (queued === undefined) return undefined;
      try {
        return await work(queued);
      } catch (error) {
        if (!(error instanceof NoLongerQueued)) throw error;
      }
    }
  }

  async write(key: string, body: WriteBody, { cache, ...options }: CachedWriteOptions): Promise<WriteResult> {
    const { desk } = this.#queue;
    const id = idOf(desk, key);
    options.signal?.throwIfAborted();
    if (desk.options.network === "offline" || (await this.#last(id)) !== undefined)
      return this.#keep(id, body, options);
    if (this.#hasKey || !(await this.#isAway(key, options))) {
      return this.#send(id, body, options, (mark) => this.#cached.write(key, body, { ...options, mark, cache }));
    }
    return this.#keep(id, body, options);
  }

  async remove(key: string, options: DeleteOptions): Promise<void> {
    const { desk } = this.#queue;
    const id = idOf(desk, key);
    options.signal?.throwIfAborted();
    if (options.versionId !== undefined) return this.#cached.delete(key, options);
    if (desk.options.network === "offline" || (await this.#last(id)) !== undefined) return this.#drop(id, options);
    if (await this.#isAway(key, options)) {
      try {
        return await this.#drop(id, options);
      } catch (error) {
        // Nothing is known here that could wait: the server must say.
        if (!isEntrepotError(error, "not-cached")) throw error;
      }
    }
    try {
      await this.#cached.delete(key, options);
    } catch (error) {
      if (!isOutOfReach(error)) throw error;
      await this.#drop(id, options, true).catch((reason) => this.#giveUp(reason, error));
    }
  }

  async *removeMany(
    keys: readonly string[],
    { ifMatch, ...options }: DeleteManyOptions = {},
  ): AsyncGenerator<DeletedKey, void, undefined> {
    const [first] = keys;
    if (first !== undefined && (await this.#areForServer(keys, first, options))) {
      yield* this.#cached.deleteMany?.(keys, { ...options, ifMatch }) ?? [];
      return;
    }
    for (const [index, key] of keys.entries()) {
      try {
        let isQueued = false;
        const onQueued = () => {
          isQueued = true;
        };
        await this.remove(key, { ...options, ifMatch: ifMatch?.[index], onQueued });
        yield isQueued ? { key, error: undefined, queued: true } : { key, error: undefined };
      } catch (error) {
        if (options.signal?.aborted === true || !isEntrepotError(error)) throw error;
        const isGone = ifMatch?.[index] !== undefined && error.code === "not-found";
        yield { key, error: isGone ? undefined : error };
      }
    }
  }

  /** Whether a copy is the server's own affair: it has both ends, and nothing waits for either. */
  async isForServer({ store, key }: CopySource, to: string): Promise<boolean> {
    const { desk, folder } = this.#queue;
    if (!store.uri.startsWith("s3:")) return false;
    if ((await this.#last(idOf(desk, to))) !== undefined) return false;
    for (const name of queuedNames(await folder.names())) {
      const change = await folder.change(name);
      if (typeof change !== "string" && change.root === store.uri && change.key === key) return false;
    }
    return true;
  }

  /** Whether nothing waits for any of them, and the server is there. */
  async #areForServer(keys: readonly string[], first: string, options: RequestOptions): Promise<boolean> {
    const { desk, folder } = this.#queue;
    if (desk.options.network === "offline") return false;
    const waiting = new Set(queuedNames(await folder.names()).map(({ object }) => object));
    const isFree = keys.every((key) => !waiting.has(objectPart(idOf(desk, key).hash)));
    return isFree && !(await this.#isAway(first, options));
  }

  /** Sends at once; what is cut off on the way waits with what it was sent as, so that nothing is done twice. */
  async #send(
    id: EntryId,
    body: WriteBody,
    options: CachedWriteOptions,
    send: (mark: string | undefined) => Promise<WriteResult>,
  ): Promise<WriteResult> {
    const isOnce = !(body instanceof Uint8Array) && body.sizeBytes === undefined;
    if (isOnce || this.#hasKey) return send(undefined);
    const tried: Tried = { mark: randomUUID(), attempted: true };
    try {
      return await send(tried.mark);
    } catch (error) {
      if (!isOutOfReach(error) || options.signal?.aborted === true) throw error;
      return this.#keep(id, body, options, tried).catch((reason) => this.#giveUp(reason, error));
    }
  }

  /** The server's failure says more than that of the disk, which is told beside it. */
  #giveUp(reason: unknown, error: unknown): never {
    if (!isEntrepotError(reason, "not-cached")) this.#queue.desk.shelf.warn(reason);
    throw error;
  }

  async #keep(id: EntryId, body: WriteBody, options: CachedWriteOptions, tried?: Tried): Promise<WriteResult> {
    if (this.#hasKey) throw withKey(id.uri);
    const kept = await enqueueWrite(this.#queue, id, body, options, tried);
    this.#tell({ uri: id.uri, id: kept.id, operation: "write" });
    return kept.result;
  }

  async #drop(id: EntryId, options: DeleteOptions, attempted = false): Promise<void> {
    const kept = await enqueueRemoval(this.#queue, id, options, attempted);
    options.onQueued?.();
    this.#tell({ uri: id.uri, id: kept, operation: "remove" });
  }

  /** One quick question before a byte is sent: what finds nobody can wait without a doubt. */
  async #isAway(key: string, options: RequestOptions): Promise<boolean> {
    const { store, options: settings } = this.#queue.desk;
    const attempt = settings.circuit.attempt();
    if (attempt === undefined) return true;
    const { signal } = options;
    try {
      await watched(attempt, signal, () => store.stat(key, { signal, ...quick(options) }));
      return false;
    } catch (error) {
      signal?.throwIfAborted();
      return isOutOfReach(error);
    }
  }

  async #last({ hash }: EntryId): Promise<Waiting | undefined> {
    const { folder, desk } = this.#queue;
    try {
      return await lastOf(folder, await folder.names(), hash);
    } catch (error) {
      // A folder that is not believed holds nothing of ours; a change that needs it will say so.
      if (!isEntrepotError(error)) throw error;
      desk.shelf.warn(error);
      return undefined;
    }
  }

  #tell(notice: QueuedNotice): void {
    this.#queue.desk.options.outbox?.onQueued?.(notice);
  }

  get #hasKey(): boolean {
    return this.#queue.desk.options.outbox?.hasCustomerKey === true;
  }
}

function unlessMissing(error: unknown): undefined {
  if (isEntrepotError(error, "not-found")) return undefined;
  throw error;
}

function withKey(uri: string): EntrepotError {
  return new EntrepotError(
    "unsupported",
    `Offline, and ${uri} is written under a customer's key, which is kept on no disk`,
    {
      uri,
      hint: "Go online to write it, or leave out sse: { customerKey }.",
    },
  );
}
