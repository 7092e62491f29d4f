/** The one way in for every verb that writes: a body becomes an object of a place, under the caller's condition. */
import type { SizedSource, UnsizedSource, WriteBody, WriteOptions } from "../store/index.ts";
import type { Written } from "../transfer/index.ts";
import { assertMayReplace, conditionOf, signalOf } from "./calls.ts";
import { contentTypeOf } from "./content-type.ts";
import type { Context, Place } from "./context.ts";
import type { CallOptions, WriteSettings } from "./options.ts";

/** What a write says besides its bytes. */
export type PublishOptions = WriteSettings & {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: "*" | undefined;
};

/** Writes bytes that are stored as they are given. Errors: those of `ObjectStore.write`, invalid-address for a version. */
export async function publish(
  context: Context,
  place: Place,
  body: WriteBody,
  options: PublishOptions = {},
): Promise<Written> {
  const condition = conditionOf(options);
  const signal = signalOf(context, options);
  assertMayReplace(context, place);
  const { onProgress } = options;
  const { etag, sizeBytes, versionId, queued } = await (place.cached ?? place.store).write(
    place.key,
    onProgress === undefined || body instanceof Uint8Array ? body : telling(body, place.uri, onProgress),
    {
      signal,
      ...describing(options),
      contentType: options.contentType ?? contentTypeOf(place.key),
      ...condition,
    },
  );
  onProgress?.({ uri: place.uri, doneObjects: 1, totalObjects: 1, doneBytes: sizeBytes, totalBytes: sizeBytes });
  const written = { uri: place.uri, etag, sizeBytes, versionId };
  return queued === undefined ? written : { ...written, queued };
}

/** What is kept with the object, of all that the caller said. */
function describing(options: PublishOptions): Partial<WriteOptions> {
  const { cacheControl, contentDisposition, contentLanguage, storageClass, tags, metadata } = options;
  return { cacheControl, contentDisposition, contentLanguage, storageClass, tags, metadata };
}

/** Tells what was taken; an attempt that is repeated counts from the start again, of its range where it has one. */
function telling(
  body: SizedSource | UnsizedSource,
  uri: string,
  onProgress: NonNullable<CallOptions["onProgress"]>,
): SizedSource | UnsizedSource {
  const { sizeBytes } = body;
  const done = new Map<number, number>();
  let doneBytes = 0;
  async function* told(chunks: AsyncIterable<Uint8Array>, start: number): AsyncGenerator<Uint8Array> {
    doneBytes -= done.get(start) ?? 0;
    done.set(start, 0);
    for await (const chunk of chunks) {
      yield chunk;
      doneBytes += chunk.byteLength;
      done.set(start, (done.get(start) ?? 0) + chunk.byteLength);
      onProgress({ uri, doneObjects: 0, totalObjects: 1, doneBytes, totalBytes: sizeBytes });
    }
  }
  const open = () => told(body.open(), 0);
  if (body.sizeBytes === undefined) return { sizeBytes: undefined, open };
  const { openRange } = body;
  if (openRange === undefined) return { sizeBytes: body.sizeBytes, open };
  return {
    sizeBytes: body.sizeBytes,
    open,
    openRange: (start, end) => told(openRange.call(body, start, end), start),
  };
}
