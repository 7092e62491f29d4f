/**
 * What changes the server changes the cache with it: a write leaves its bytes here, a delete or a copy takes away what
 * is no longer true. Offline it fails before it begins; a failing cache never fails a write.
 */
import type {
  CopySource,
  DeleteOptions,
  ObjectInfo,
  ObjectStore,
  SizedSource,
  WriteOptions,
  WriteResult,
} from "../store/index.ts";
import { watched } from "./ask.ts";
import { type Desk, idOf, refuseOffline } from "./desk.ts";
import type { EntryId } from "./layout.ts";
import type { Spooled } from "./spool.ts";
import { teeSource } from "./tee-source.ts";

export async function write(
  desk: Desk,
  key: string,
  body: Uint8Array | SizedSource,
  options: WriteOptions & { readonly bypass?: boolean | undefined } = {},
): Promise<WriteResult> {
  const { bypass = false, ...request } = options;
  const id = idOf(desk, key);
  refuseOffline(desk, id.uri, "write");
  request.signal?.throwIfAborted();
  const sizeBytes = body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
  const isKept = !bypass && sizeBytes <= (desk.maxBytes ?? Number.POSITIVE_INFINITY) && (await desk.shelf.isUsable());
  const warn = (error: unknown) => desk.shelf.warn(error);
  const tee = isKept ? teeSource(body, { openSpool: () => desk.shelf.spool(id, sizeBytes), warn }) : undefined;
  try {
    return await changing(desk, id, request.signal, async (isNewest) => {
      const result = await desk.store.write(key, tee?.body ?? body, request);
      const spooled = result.etag === "" ? undefined : await tee?.finish();
      const isKnown = isNewest() && spooled !== undefined;
      if (!isKnown || !(await commit(desk, id, spooled, request, result))) await desk.shelf.forget(id.hash);
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
  await changing(desk, id, options.signal, async () => {
    await desk.store.delete(key, options);
    await desk.shelf.forget(id.hash);
    if (options.versionId !== undefined) await desk.shelf.forget(idOf(desk, key, options.versionId).hash);
  });
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
  return changing(desk, id, options.signal, async () => {
    const result = await desk.store.copyFrom({ ...source, store: bare(source.store) }, key, options);
    if (result !== undefined) await desk.shelf.forget(id.hash);
    return result;
  });
}

/** After a failure nobody knows which version the server has: what is here is kept for offline use, but not for fresh. */
async function changing<T>(
  desk: Desk,
  id: EntryId,
  signal: AbortSignal | undefined,
  change: (isNewest: () => boolean) => Promise<T>,
): Promise<T> {
  const operation = desk.changes.beginChange(id.hash);
  try {
    return await watched(desk.options.circuit.insist(), signal, () => change(() => operation.end()));
  } catch (error) {
    const found = await desk.shelf.find(id.hash);
    if (typeof found === "object") await desk.shelf.amend(found.record, { expired: true });
    throw error;
  } finally {
    operation.end();
  }
}

async function commit(
  desk: Desk,
  id: EntryId,
  spooled: Spooled,
  { contentType, contentEncoding, metadata }: WriteOptions,
  { etag, versionId }: WriteResult,
): Promise<boolean> {
  // What the server says of times and types is not known; the next `stat` completes it.
  const { key } = id;
  const { sizeBytes } = spooled;
  const info: ObjectInfo = {
    key,
    sizeBytes,
    modifiedMs: desk.now(),
    etag,
    versionId,
    contentType,
    contentEncoding,
    metadata,
  };
  try {
    await desk.shelf.commit(id, info, spooled, { verified: "checksum", complete: false });
    desk.onCommit(sizeBytes);
    return true;
  } catch (error) {
    desk.shelf.warn(error);
    return false;
  }
}
