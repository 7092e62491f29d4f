/**
 * A whole object as a file that other programs can read, held against eviction until it is closed. When the cache cannot
 * keep it the file is a temporary one.
 */
import { randomBytes } from "node:crypto";
import { join as joinPath } from "node:path";
import type { Disk } from "../disk/index.ts";
import {
  fileSink,
  isStrongEtag,
  type ObjectInfo,
  type ReadResult,
  type RequestOptions,
  type ResolvedRange,
  readBytes,
} from "../store/index.ts";
import { watched } from "./ask.ts";
import { type Desk, idOf, notCached, refuseOffline } from "./desk.ts";
import { inspect } from "./inspect.ts";
import { type EntryId, suffixOf } from "./layout.ts";
import { DamagedCopy, type LocalCopy } from "./local-copy.ts";
import { join } from "./read-whole.ts";
import { changed } from "./rest.ts";

export interface HoldOptions extends RequestOptions {
  readonly versionId?: string | undefined;
  /** `"use"`: the copy if the server confirms it; `"refresh"`: fetch again; `"bypass"`: a temporary file. */
  readonly cache?: "use" | "bypass" | "refresh" | undefined;
  /** Its bytes will be read here: gives `read`, at the cost of an open file. Default false. */
  readonly toRead?: boolean | undefined;
}

/** A real file. What is written to it is not kept and spoils the entry, which is then fetched again. */
export interface HeldCopy {
  readonly path: string;
  readonly info: ObjectInfo;
  readonly verified: ReadResult["verified"];
  /**
   * Reads bytes of the copy, each block checked as in every read; what turns out damaged comes from the server, of the same version.
   * Where it was asked for, and the cache has the object. Errors as `read`, and changed.
   */
  readonly read?:
    | ((range: ResolvedRange, signal: AbortSignal | undefined) => Promise<Uint8Array<ArrayBuffer>>)
    | undefined;
  /** From here on the file may go. Never fails; a second call does nothing. */
  close(): Promise<void>;
}

const maxTries = 3;

export async function hold(
  desk: Desk,
  disk: Disk,
  key: string,
  { versionId, cache = "use", toRead = false, ...options }: HoldOptions = {},
): Promise<HeldCopy> {
  options.signal?.throwIfAborted();
  const id = idOf(desk, key, versionId);
  const refresh = cache === "refresh";
  for (let tries = 0; tries < maxTries && cache !== "bypass"; ) {
    const wanted = { id, reader: undefined, refresh, options, onTee: () => undefined };
    const joined = await join(desk, wanted, options.signal);
    if (joined === "again") continue;
    if (joined === "alone" || joined.copy === undefined) break;
    if (joined.staleMs !== undefined) desk.options.onStale?.({ uri: id.uri, ageMs: joined.staleMs });
    const held = await heldIfWhole(desk, id, joined.copy, toRead, options.signal);
    if (typeof held !== "string") return held;
    if (held === "damaged" && desk.options.network === "offline") throw notCached(id.uri, held);
    tries += 1;
  }
  return temporary(desk, disk, id, options);
}

export async function holdIfPresent(
  desk: Desk,
  key: string,
  { versionId, ...options }: Omit<HoldOptions, "cache"> = {},
): Promise<HeldCopy | undefined> {
  options.signal?.throwIfAborted();
  const id = idOf(desk, key, versionId);
  const copy = await desk.shelf.open(id.hash);
  const isOffline = desk.options.network === "offline";
  if (typeof copy === "string") {
    if (isOffline && (await desk.shelf.pieces.find(id.hash)) === undefined) throw notCached(id.uri, copy);
    return undefined;
  }
  let isCurrent = false;
  try {
    const { info, isAnswer } = await inspect(desk, key, { ...options, versionId });
    // The same weak ETag does not make it the same version.
    isCurrent = info.etag === copy.info.etag && (!isAnswer || isStrongEtag(info.etag));
  } finally {
    if (!isCurrent) await copy.release();
  }
  const held = isCurrent ? await heldIfWhole(desk, id, copy, true, options.signal) : "none";
  if (typeof held !== "string") return held;
  if (isOffline) throw notCached(id.uri, held);
  return undefined;
}

/**
 * Takes the copy over. A file that may have changed since it was stored is read first; a damaged one goes. `"none"` when the
 * entry went meanwhile.
 */
async function heldIfWhole(
  desk: Desk,
  id: EntryId,
  copy: LocalCopy,
  toRead: boolean,
  signal: AbortSignal | undefined,
): Promise<HeldCopy | "damaged" | "none"> {
  try {
    if (!copy.trusted && copy.file !== undefined) {
      await copy.deliver({ start: 0, end: copy.info.sizeBytes }, () => signal?.throwIfAborted());
      await desk.shelf.confirm(copy);
    }
    const close = await desk.shelf.hold(copy.record);
    if (close === undefined) return "none";
    const held = { path: copy.path, info: copy.info, verified: copy.record.verified };
    if (!toRead) return { ...held, close };
    const open = copy.retain();
    let isOpen = true;
    return {
      ...held,
      read: (range, current) => readHeld(desk, id, open, range, current),
      close: async () => {
        await close();
        if (!isOpen) return;
        isOpen = false;
        await open.release();
      },
    };
  } catch (error) {
    if (!(error instanceof DamagedCopy)) throw error;
    await desk.shelf.drop(copy.record);
    return "damaged";
  } finally {
    await copy.release();
  }
}

async function readHeld(
  desk: Desk,
  { key, uri, versionId }: EntryId,
  copy: LocalCopy,
  range: ResolvedRange,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const bytes = new Uint8Array(range.end - range.start);
  let at = 0;
  try {
    await copy.deliver(range, (chunk) => {
      signal?.throwIfAborted();
      bytes.set(chunk, at);
      at += chunk.byteLength;
    });
    return bytes;
  } catch (error) {
    if (!(error instanceof DamagedCopy)) throw error;
    await desk.shelf.drop(copy.record);
    if (desk.options.network === "offline") throw notCached(uri, "damaged");
    if (!isStrongEtag(copy.info.etag)) throw changed(uri, error);
    const request = { signal, versionId, range, ifMatch: copy.info.etag };
    return (await watched(desk.options.circuit.insist(), signal, () => readBytes(desk.store, key, request))).bytes;
  }
}

async function temporary(desk: Desk, disk: Disk, id: EntryId, options: RequestOptions): Promise<HeldCopy> {
  refuseOffline(desk, id.uri, "fetch");
  const suffix = suffixOf(id.key);
  const folder = await desk.tempDir();
  const pending = await disk.createPending(folder, { suffix, mode: 0o600, makeFolders: 0o700 });
  try {
    const attempt = desk.options.circuit.insist();
    const sink = fileSink(pending);
    const request = { ...options, versionId: id.versionId };
    const result = await watched(attempt, options.signal, () => desk.store.read(id.key, sink, request));
    await sink.finish();
    if (result === "not-modified") throw new TypeError("An unconditional read was answered with not-modified");
    const path = joinPath(folder, `entrepot-${randomBytes(16).toString("hex")}${suffix}`);
    await pending.commit(path);
    const remove = async () => void (await disk.removeFile(path).catch((error) => desk.shelf.warn(error)));
    return { path, info: result.info, verified: result.verified, close: remove };
  } finally {
    await pending.discard();
  }
}
