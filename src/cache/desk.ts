/**
 * What every verb of one cached store works with, and what they all mean by fresh, stale and gone.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { NetworkMode } from "../net/index.ts";
import type { ObjectStore, ReadResult } from "../store/index.ts";
import type { Changes } from "./changes.ts";
import type { Circuit } from "./circuit.ts";
import type { Looked } from "./entry-reader.ts";
import { type EntryId, entryId } from "./layout.ts";
import type { LocalCopy } from "./local-copy.ts";
import type { Answers, Ticks } from "./locks/index.ts";
import type { OutboxUse } from "./outbox/outbox-use.ts";
import type { PinFolder } from "./pins/pin-folder.ts";
import type { EntryRecord } from "./record.ts";
import type { Shelf } from "./shelf.ts";
import type { SingleFlight } from "./single-flight.ts";

/** What was known was given because nothing could be asked. */
export interface StaleNotice {
  /** Of the object, or of what was listed. */
  readonly uri: string;
  /** Since the server last confirmed it, or since it was listed; may be a minute too long. */
  readonly ageMs: number;
}

/** How one store is cached. */
export interface WrapOptions {
  /** Which store, and as whom: scheme, origin (for AWS the partition), bucket, `anonymous` or `signed`, SSE-C key digest. */
  readonly identity: readonly string[];
  /**
   * With whose permissions, as a text that nobody else has: an answer to one of them is then good for all who asked meanwhile, in
   * whichever process. Default: nobody else's answer is.
   */
  readonly reader?: string | undefined;
  /** Shared by all stores of one origin. */
  readonly circuit: Circuit;
  readonly network: NetworkMode;
  /** Within this age a copy is used without asking, milliseconds. Default 0: always ask. */
  readonly maxAgeMs?: number | undefined;
  /** `"offline"` tells it as well, of what is older than `maxAgeMs`. */
  readonly onStale?: ((notice: StaleNotice) => void) | undefined;
  /** Where changes may wait while the server is out of reach. Default: nowhere. */
  readonly outbox?: OutboxUse | undefined;
}

/** What a read brought to everybody who waits for it. */
export interface Outcome {
  /** `undefined` when the version could not be kept here. */
  readonly copy: LocalCopy | undefined;
  readonly staleMs: number | undefined;
  /** The caller's own condition was met, and there is nothing to read. */
  readonly notModified: boolean;
  /** Of the download, if there was one. */
  readonly result: ReadResult | undefined;
  /** Of its bytes, if they were kept. */
  readonly sha256: string | undefined;
}

export interface Desk {
  readonly store: ObjectStore;
  readonly shelf: Shelf;
  readonly changes: Changes;
  readonly pins: PinFolder;
  readonly flights: SingleFlight<Outcome>;
  readonly options: WrapOptions;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly ticks: Ticks;
  readonly answers: Answers;
  /** Larger versions are not kept now. */
  readonly largestBytes: () => number | undefined;
  /** For held copies that the cache cannot keep. */
  readonly tempDir: () => Promise<string>;
  /** Something was committed, or the server answered: whether limits are kept to is then looked at. */
  readonly wake: () => void;
}

/** How often a record is rewritten for nothing but the time of its last check, milliseconds. */
const checkedEveryMs = 60_000;

export function idOf(desk: Desk, key: string, versionId?: string): EntryId {
  return entryId(desk.options.identity, desk.store.uri, key, versionId);
}

/** Whether a copy may be used without asking. A clock that went back makes nothing fresh. */
export function isFresh(desk: Desk, id: EntryId, record: EntryRecord): boolean {
  if (id.immutable) return true;
  const ageMs = desk.now() - record.checkedMs;
  return !record.expired && ageMs >= 0 && ageMs < (desk.options.maxAgeMs ?? 0);
}

/** The server has just said that this is the current version. */
export async function markChecked(desk: Desk, record: EntryRecord): Promise<void> {
  desk.wake();
  const nowMs = desk.now();
  const isAged = (desk.options.maxAgeMs ?? 0) > 0;
  if (!record.expired && !isAged && Math.abs(nowMs - record.checkedMs) < checkedEveryMs) return;
  const written = desk.shelf.amend(record, { checkedMs: nowMs, expired: false });
  if (isAged || record.expired) await written;
  else desk.shelf.later(written);
}

export function ageMs(desk: Desk, record: EntryRecord): number {
  return Math.max(0, desk.now() - record.checkedMs);
}

/** Whether the network failed, and not the server: the only failures for which a copy stands in. */
export function isOutOfReach(error: unknown): boolean {
  return isEntrepotError(error, "unreachable", "timeout");
}

/** Nothing to read offline, and why. */
export function notCached(uri: string, looked: Looked<never>): EntrepotError {
  const wayOut = `Go online and fetch it once: entrepot path ${JSON.stringify(uri)}, or keep its folder: entrepot cache pin ${JSON.stringify(folderOf(uri))}`;
  const hint =
    looked === "damaged"
      ? `A damaged copy was found and removed. ${wayOut}`
      : looked === "unreadable"
        ? "There is a copy, but the disk does not let us read it; see the warning before this."
        : wayOut;
  return new EntrepotError("not-cached", `Offline, and there is no local copy of ${uri}`, { uri, hint });
}

/** What is kept of a folder is not all that is in it, unless its listing was pinned. */
export function notListed(uri: string): EntrepotError {
  const folder = JSON.stringify(folderOf(uri));
  const hint = `No pinned listing holds it. Go online and pin its folder: entrepot cache pin ${folder}. Objects that were read before can be read; these are they: entrepot cache list ${folder}`;
  return new EntrepotError("not-cached", `Offline, and what is in ${uri} is not known`, { uri, hint });
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf("/") + 1);
}

/** Offline, what would ask or change the server fails before it begins. */
export function refuseOffline(desk: Desk, uri: string, action: string): void {
  if (desk.options.network === "offline") throw offlineRefusal(uri, action);
}

export function offlineRefusal(uri: string, action: string): EntrepotError {
  return new EntrepotError("unreachable", `Offline: cannot ${action} ${uri}`, {
    uri,
    retryable: false,
    hint: 'The network is switched off (ENTREPOT_NETWORK=offline, or network: "offline"); go online to do this.',
  });
}
