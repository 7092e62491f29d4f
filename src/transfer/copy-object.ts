/**
 * One object from any store to any store: inside the server where it can, through this process where it must.
 * Small bodies go by memory, large ones as a stream of one pinned version.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import {
  type ObjectInfo,
  type ObjectStore,
  readBytes,
  readStream,
  type WriteOptions,
  type WriteResult,
} from "../store/index.ts";

/** Bodies up to this size are held in memory while they are copied, bytes. */
const smallBytes = 1024 * 1024;
/** How often a copy starts again because the source changed under it. */
const restarts = 3;

/** One object in one store. */
export interface ObjectPlace {
  readonly store: ObjectStore;
  readonly key: string;
  readonly uri: string;
  /** The store that servers know, where `store` is one in front of it. Default: `store`. */
  readonly origin?: ObjectStore | undefined;
  readonly versionId?: string | undefined;
}

/** What was written, and which version of the source it is. */
export interface CopiedObject {
  readonly written: WriteResult;
  /** `undefined` when the server copied by itself and did not say. */
  readonly sourceEtag: string | undefined;
}

export type CopyConditions = Pick<WriteOptions, "ifMatch" | "ifNoneMatch">;

export interface CopyOptions extends CopyConditions {
  readonly signal?: AbortSignal | undefined;
  /** Copy only this version of the source: else `changed`. */
  readonly sourceEtag?: string | undefined;
}

/**
 * Copies one object with its content type and metadata. All or nothing; never a mixture of two versions. Errors: those of a read
 * and of a write; `changed` when the source is replaced again and again while it is copied.
 */
export async function copyObject(
  from: ObjectPlace,
  to: ObjectPlace,
  sizeBytes: number | undefined,
  options: CopyOptions = {},
): Promise<CopiedObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await copyOnce(from, to, sizeBytes, options);
    } catch (error) {
      if (!isEntrepotError(error, "changed") || attempt > restarts) throw error;
    }
  }
}

async function copyOnce(
  from: ObjectPlace,
  to: ObjectPlace,
  sizeBytes: number | undefined,
  options: CopyOptions,
): Promise<CopiedObject> {
  const { sourceEtag, ...write } = options;
  const direct = await pinning(from, () =>
    to.store.copyFrom(
      { store: from.store, key: from.key, versionId: from.versionId, ifMatch: sourceEtag },
      to.key,
      write,
    ),
  );
  if (direct !== undefined) return { written: direct, sourceEtag };
  const request = { signal: options.signal, versionId: from.versionId, ifMatch: sourceEtag };
  if (sizeBytes !== undefined && sizeBytes <= smallBytes) {
    const { bytes, result } = await pinning(from, () => readBytes(from.store, from.key, request));
    return {
      written: await to.store.write(to.key, bytes, { ...describe(result.info), ...write }),
      sourceEtag: result.info.etag,
    };
  }
  const info = await pinning(from, () => from.store.stat(from.key, request));
  const open = () => pinned(from, info, options.signal);
  return {
    written: await to.store.write(to.key, { sizeBytes: info.sizeBytes, open }, { ...describe(info), ...write }),
    sourceEtag: info.etag,
  };
}

async function* pinned(
  from: ObjectPlace,
  info: ObjectInfo,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* readStream(from.store, from.key, { signal, versionId: from.versionId, ifMatch: info.etag });
  } catch (error) {
    throw asChanged(from, error);
  }
}

async function pinning<T>(from: ObjectPlace, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asChanged(from, error);
  }
}

/** A failed condition on the source means that it was replaced; conditions of the target are not asked in these calls. */
function asChanged(from: ObjectPlace, error: unknown): unknown {
  if (!isEntrepotError(error, "precondition-failed")) return error;
  return new EntrepotError("changed", `${from.uri} was replaced while it was copied`, { uri: from.uri, cause: error });
}

function describe(info: ObjectInfo): Pick<WriteOptions, "contentType" | "contentEncoding" | "metadata"> {
  return { contentType: info.contentType, contentEncoding: info.contentEncoding, metadata: info.metadata };
}
