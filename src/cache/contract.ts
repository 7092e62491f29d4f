/** What a store with a cache in front of it offers beyond a store, as types. */
import type { BodySink, ObjectInfo, ObjectStore, ReadOptions, ReadResult, WriteOptions } from "../store/index.ts";
import type { HeldCopy, HoldOptions } from "./hold.ts";
import type { Senders } from "./outbox/sending.ts";
import type { Pinning, PinRequest } from "./pins/pinning.ts";
import type { UnpinRequest } from "./pins/unpin.ts";
import type { Usage } from "./usage.ts";

/** `"use"` (default): the local copy if it may be used; `"refresh"`: fetch again and keep; `"bypass"`: as if there were no cache. */
export type CacheUse = "use" | "bypass" | "refresh";

export interface CachedReadOptions extends ReadOptions {
  readonly cache?: CacheUse | undefined;
}

export interface CachedStatOptions extends Omit<CachedReadOptions, "range" | "ifNoneMatch"> {}

export interface CachedWriteOptions extends WriteOptions {
  /** `"bypass"` leaves nothing here but takes away what is no longer true. */
  readonly cache?: CacheUse | undefined;
}

export interface CachedStore extends ObjectStore {
  read(key: string, sink: BodySink, options?: CachedReadOptions): Promise<ReadResult | "not-modified">;
  stat(key: string, options?: CachedStatOptions): Promise<ObjectInfo>;
  write: (
    key: string,
    body: Parameters<ObjectStore["write"]>[1],
    options?: CachedWriteOptions,
  ) => ReturnType<ObjectStore["write"]>;
  /** The object as a real file. Errors as `read`, and those of the disk. */
  hold(key: string, options?: HoldOptions): Promise<HeldCopy>;
  /**
   * As `hold`, but `undefined` instead of a download: when there is no copy, or the server has another version. Offline
   * without a copy or a piece of one: not-cached.
   */
  holdIfPresent(key: string, options?: Omit<HoldOptions, "cache">): Promise<HeldCopy | undefined>;
  /** Where the local copy lies, if there is one; nothing is asked, fetched or held. */
  pathOf(key: string, versionId?: string): Promise<string | undefined>;
  /** Under which hash an object lies, or would lie, in the cache. */
  entryOf(key: string, versionId?: string): string;
  /** Sends what the outbox holds for this store. */
  readonly senders: Senders;
  /** Lists what is wanted, to be published and kept. To be closed. Errors: unreachable when offline, those of the listing and the disk. */
  pin(request: PinRequest): Promise<Pinning>;
  /** Lets go what was pinned at or below an address; gives what that was. */
  unpin(request: UnpinRequest): Promise<Usage>;
}
