/**
 * One object from any store to any store: inside the server where it can, through this process where it must.
 * Small bodies go by memory, all others as a stream of one pinned version.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import {
  type BodySink,
  type Bytes,
  type ObjectInfo,
  type ObjectStore,
  passingSink,
  readBytes,
  readStream,
  type WriteBody,
  type WriteOptions,
  type WriteResult,
} from "../store/index.ts";

/** Bodies up to this size are held in memory while they are copied, bytes. */
export const smallBytes: number = 1024 * 1024;
/** Of those that go to files, only up to this size: larger ones are not worth the copy, bytes. */
const smallFileBytes = 32 * 1024;
/** How often a copy starts again because the source changed under it, or a byte went wrong. */
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

/** Changes a body on its way; what comes out has another size. */
export type Recode = (body: AsyncIterable<Bytes>, info: ObjectInfo) => AsyncIterable<Uint8Array>;

export type CopyConditions = Pick<WriteOptions, "ifMatch" | "ifNoneMatch">;

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the target must be. */
  readonly condition?: CopyConditions | undefined;
  /** Copy only this version of the source: else `changed`. */
  readonly sourceEtag?: string | undefined;
  /** For sources that do not know their own. */
  readonly contentType?: string | undefined;
  readonly recode?: Recode | undefined;
  /** The time that a file is to bear, milliseconds since 1970. Default: now. */
  readonly modifiedMs?: number | undefined;
  /** Told of every piece that was read, bytes from the start of this try. */
  readonly onBytes?: ((doneBytes: number) => void) | undefined;
}

/**
 * Copies one object with its content type and metadata. All or nothing; never a mixture of two versions. Errors: those of a read
 * and of a write; `changed` when the source is not the pinned version, or is replaced again and again while it is copied.
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
      // a pinned version does not come back; a byte that went wrong on the way comes right the next time
      const again = isEntrepotError(
        error,
        "integrity",
        ...(options.sourceEtag === undefined ? ["changed" as const] : []),
      );
      if (!again || attempt > restarts) throw error;
    }
  }
}

async function copyOnce(
  from: ObjectPlace,
  to: ObjectPlace,
  sizeBytes: number | undefined,
  options: CopyOptions,
): Promise<CopiedObject> {
  const { signal, condition = {}, sourceEtag, recode, modifiedMs } = options;
  const direct = recode === undefined ? await copyInside(from, to, options) : undefined;
  if (direct !== undefined) return { written: direct, sourceEtag };
  const request = { signal, versionId: from.versionId, ifMatch: sourceEtag };
  const write = (body: WriteBody, info: ObjectInfo) =>
    to.store.write(to.key, body, { ...describedAs(info, options.contentType), ...condition, modifiedMs, signal });
  const most = to.store.receive === undefined ? smallBytes : smallFileBytes;
  if (recode === undefined && sizeBytes !== undefined && sizeBytes <= most) {
    const { bytes, result } = await pinning(from, () => readBytes(from.store, from.key, request));
    options.onBytes?.(bytes.byteLength);
    return { written: await write(bytes, result.info), sourceEtag: result.info.etag };
  }
  if (recode === undefined && to.store.receive !== undefined) {
    const { written, result } = await to.store.receive(
      to.key,
      async (sink) => {
        const metered = meteredSink(sink, options.onBytes);
        const read = await pinning(from, () => from.store.read(from.key, metered, request));
        if (read === "not-modified") throw new TypeError("no condition was given");
        return read;
      },
      { ...condition, modifiedMs, signal },
    );
    return { written, sourceEtag: result.info.etag };
  }
  const info = await pinning(from, () => from.store.stat(from.key, request));
  const open = () => pinned(from, info, options);
  if (recode === undefined) {
    return { written: await write({ sizeBytes: info.sizeBytes, open }, info), sourceEtag: info.etag };
  }
  const recoded = { sizeBytes: undefined, open: () => recode(open(), info) };
  return { written: await write(recoded, { ...info, contentEncoding: undefined }), sourceEtag: info.etag };
}

/** `undefined` where these two stores cannot. A failed pin is `changed`, a failed condition of the target what it is. */
async function copyInside(from: ObjectPlace, to: ObjectPlace, options: CopyOptions): Promise<WriteResult | undefined> {
  const { signal, condition = {}, sourceEtag, modifiedMs } = options;
  const source = { store: from.origin ?? from.store, key: from.key, versionId: from.versionId, ifMatch: sourceEtag };
  const copying = () => to.store.copyFrom(source, to.key, { ...condition, modifiedMs, signal });
  return sourceEtag === undefined || condition.ifMatch !== undefined ? copying() : pinning(from, copying);
}

async function* pinned(from: ObjectPlace, info: ObjectInfo, { signal, onBytes }: CopyOptions): AsyncGenerator<Bytes> {
  let doneBytes = 0;
  try {
    const request = { signal, versionId: from.versionId, ifMatch: info.etag };
    for await (const chunk of readStream(from.store, from.key, request)) {
      doneBytes += chunk.byteLength;
      onBytes?.(doneBytes);
      yield chunk;
    }
  } catch (error) {
    throw asChanged(from, error);
  }
}

/** Counts what passes; a restart counts from the beginning. */
function meteredSink(sink: BodySink, onBytes: CopyOptions["onBytes"]): BodySink {
  if (onBytes === undefined) return sink;
  let doneBytes = 0;
  return passingSink(sink, {
    onStarted() {
      doneBytes = 0;
    },
    onBytes(sizeBytes) {
      doneBytes += sizeBytes;
      onBytes(doneBytes);
    },
  });
}

async function pinning<T>(from: ObjectPlace, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asChanged(from, error);
  }
}

/** Where the only condition is the pin of the source, its failure means that the source was replaced. */
function asChanged(from: ObjectPlace, error: unknown): unknown {
  if (!isEntrepotError(error, "precondition-failed")) return error;
  return new EntrepotError("changed", `${from.uri} was replaced while it was copied`, { uri: from.uri, cause: error });
}

/** What a copy takes over from its source; `contentType` for one that does not know its own. */
export function describedAs(
  info: ObjectInfo,
  contentType: string | undefined,
): Omit<WriteOptions, "signal" | "retry" | "timeouts" | "ifMatch" | "ifNoneMatch" | "resume"> {
  const { contentEncoding, contentLanguage, contentDisposition, cacheControl, metadata } = info;
  return {
    contentType: info.contentType ?? contentType,
    contentEncoding,
    contentLanguage,
    contentDisposition,
    cacheControl,
    metadata,
  };
}
