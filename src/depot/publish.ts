/** The one way in for every verb that writes: a body becomes an object of a place, under the caller's condition. */
import type { SizedSource, WriteOptions } from "../store/index.ts";
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
  body: Uint8Array | SizedSource,
  options: PublishOptions = {},
): Promise<Written> {
  const condition = conditionOf(options);
  const signal = signalOf(context, options);
  assertMayReplace(context, place);
  const { onProgress } = options;
  const { etag, sizeBytes, versionId } = await (place.cached ?? place.store).write(
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
  return { uri: place.uri, etag, sizeBytes, versionId };
}

/** What is kept with the object, of all that the caller said. */
function describing(options: PublishOptions): Partial<WriteOptions> {
  const { cacheControl, contentDisposition, contentLanguage, storageClass, tags, metadata } = options;
  return { cacheControl, contentDisposition, contentLanguage, storageClass, tags, metadata };
}

/** Tells what was taken; an attempt that is repeated counts from the start again. */
function telling(body: SizedSource, uri: string, onProgress: NonNullable<CallOptions["onProgress"]>): SizedSource {
  const { sizeBytes } = body;
  async function* open(): AsyncGenerator<Uint8Array> {
    let doneBytes = 0;
    for await (const chunk of body.open()) {
      yield chunk;
      doneBytes += chunk.byteLength;
      onProgress({ uri, doneObjects: 0, totalObjects: 1, doneBytes, totalBytes: sizeBytes });
    }
  }
  return { sizeBytes, open };
}
