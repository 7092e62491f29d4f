/**
 * What changes the server changes the cache with it: a write leaves its bytes here, a delete or a copy takes away what
 * is no longer true. Offline it fails before it begins; a failing cache never fails a write.
 */
import type {
  CopySource,
  DeletedKey,
  DeleteManyOptions,
  DeleteOptions,
  ObjectInfo,
  ObjectStore,
  WriteBody,
  WriteOptions,
  WriteResult,
} from "../store/index.ts";
import { watched } from "./ask.ts";
import type { Operation } from "./changes.ts";
import { type Desk, idOf, isOutOfReach, offlineRefusal, refuseOffline } from "./desk.ts";
import type { EntryId } from "./layout.ts";
import { commit } from "./obtain.ts";
import type { Spooled } from "./spool.ts";
import { teeSource } from "./tee-source.ts";

export async function write(
  desk: Desk,
  key: string,
  body: WriteBody,
  options: WriteOptions & { readonly bypass?: boolean | undefined } = {},
): Promise<WriteResult> {
  const { bypass = false, ...request } = options;
  const id = idOf(desk, key);
  refuseOffline(desk, id.uri, "write");
  request.signal?.throwIfAborted();
  const sizeBytes = body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
  const maxBytes = desk.largestBytes() ?? Number.POSITIVE_INFINITY;
  const isKept = !bypass && (sizeBytes ?? 0) <= maxBytes && (await desk.shelf.isUsable(id.hash));
  const warn = (error: unknown) => desk.shelf.warn(error);
  const openSpool = () => desk.shelf.spool(id, sizeBytes);
  const tee = isKept ? teeSource(body, { openSpool, maxBytes, warn }) : undefined;
  try {
    return await changing(desk, id, request.signal, async (end) => {
      const result = await desk.store.write(key, tee?.body ?? body, request);
      const isWanted = end();
      const spooled = result.etag === "" ? undefined : await tee?.finish();
      const info = spooled && writtenInfo(desk, id, spooled, request, result);
      const details = { verified: "checksum", complete: false, isWanted: () => isWanted } as const;
      const record = spooled && info && (await commit(desk, id, info, spooled, details));
      if (record === undefined) await desk.shelf.forget(id.hash);
      return result;
    });
  } finally {
    await tee?.discard();
  }
}

export async function remove(desk: Desk, key: string, options: DeleteOptions = {}): Promise<void> {
  const id = idOf(desk, key);
  refuseOffline(desk, id.uri, "remove");
  options.signal?.throwIfAborted();
  await changing(desk, id, options.signal, async (end) => {
    await desk.store.delete(key, options);
    end();
    await desk.shelf.forget(id.hash);
    if (options.versionId !== undefined) await desk.shelf.forget(idOf(desk, key, options.versionId).hash);
  });
}

/**
 * The same for many, as far as the store behind has `deleteMany`. Until its outcome is known each of them is being changed, and one
 * that failed is kept, but not for fresh.
 */
export async function* removeMany(
  desk: Desk,
  keys: readonly string[],
  options: DeleteManyOptions = {},
): AsyncGenerator<DeletedKey, void, undefined> {
  options.signal?.throwIfAborted();
  if (desk.options.network === "offline") {
    for (const key of keys) yield { key, error: offlineRefusal(`${desk.store.uri}${key}`, "remove") };
    return;
  }
  const changes = keys.map((key) => {
    const id = idOf(desk, key);
    return { key, id, operation: desk.changes.beginChange(id.hash) };
  });
  const attempt = desk.options.circuit.insist();
  let outOfReach = false;
  let answered = false;
  try {
    let told = 0;
    for await (const deleted of desk.store.deleteMany?.(keys, options) ?? []) {
      const change = changes[told++];
      if (change?.key !== deleted.key) throw new TypeError(`deleteMany told of ${deleted.key} out of turn`);
      if (isOutOfReach(deleted.error)) outOfReach = true;
      else answered = true;
      change.operation.end();
      if (deleted.error === undefined) await desk.shelf.forget(change.id.hash);
      else await expire(desk, change.id);
      yield deleted;
    }
  } finally {
    if (answered) attempt.succeeded();
    else if (outOfReach) attempt.failed();
    else attempt.abandoned();
    for (const { operation } of changes) operation.end();
  }
}

/** `source.store` may be a cached one: `bare` gives the store behind it. */
export async function copyFrom(
  desk: Desk,
  source: CopySource,
  key: string,
  options: WriteOptions,
  bare: (store: ObjectStore) => ObjectStore,
): Promise<WriteResult | undefined> {
  const id = idOf(desk, key);
  refuseOffline(desk, id.uri, "copy to");
  options.signal?.throwIfAborted();
  const copy = async (end: () => boolean) => {
    const result = await desk.store.copyFrom({ ...source, store: bare(source.store) }, key, options);
    end();
    if (result !== undefined) await desk.shelf.forget(id.hash);
    return result;
  };
  // Where the server cannot do it nobody was asked.
  return changing(desk, id, options.signal, copy, (result) => result !== undefined);
}

/** After a failure nobody knows which version the server has: what is here is kept for offline use, but not for fresh. */
async function changing<T>(
  desk: Desk,
  id: EntryId,
  signal: AbortSignal | undefined,
  change: (end: () => boolean) => Promise<T>,
  isAnswer?: (value: T) => boolean,
): Promise<T> {
  const operation = desk.changes.beginChange(id.hash);
  try {
    return await watched(desk.options.circuit.insist(), signal, () => change(() => ended(operation)), isAnswer);
  } catch (error) {
    await expire(desk, id);
    throw error;
  } finally {
    operation.end();
  }
}

async function expire(desk: Desk, id: EntryId): Promise<void> {
  desk.shelf.pieces.expire(id.hash);
  const found = await desk.shelf.find(id.hash);
  if (typeof found === "object") await desk.shelf.amend(found.record, { expired: true });
}

/** The change is over on the server: reads that begin now see it. Whether it was the only one. */
function ended(operation: Operation): boolean {
  operation.end();
  return operation.isNewest();
}

/** What the server says of times and types is not known; the next `stat` completes it. */
function writtenInfo(
  desk: Desk,
  { key }: EntryId,
  { sizeBytes }: Spooled,
  { contentType, contentEncoding, metadata = {} }: WriteOptions,
  { etag, versionId }: WriteResult,
): ObjectInfo {
  const lowered = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    key,
    sizeBytes,
    modifiedMs: desk.now(),
    etag,
    versionId,
    contentType,
    contentEncoding,
    metadata: Object.fromEntries(lowered),
  };
}
