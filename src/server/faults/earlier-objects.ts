/**
 * What objects were before their last change, for stale reads: kept in memory from the moment that a fault asks for it.
 * DeleteObjects is not followed.
 */
import { wholeOf } from "../storage/blob-bytes.ts";
import type { ObjectRecord } from "../storage/records.ts";
import type { OpenObject, Storage } from "../storage/storage.ts";
import { withMethods } from "../storage/with-methods.ts";

interface Earlier {
  readonly record: ObjectRecord;
  readonly bytes: Uint8Array;
}

const changing: ReadonlySet<string> = new Set([
  ...["PutObject", "PostObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject"],
]);

export class EarlierObjects {
  /** Undefined for an object that was not there. */
  readonly #objects = new Map<string, Earlier | undefined>();

  has(bucket: string, key: string): boolean {
    return this.#objects.has(nameOf(bucket, key));
  }

  /** Carries out an operation; when it has changed the object, remembers what it was. */
  async around<T>(
    storage: Storage,
    operation: string,
    { bucket, key }: { readonly bucket: string; readonly key: string },
    run: () => Promise<T>,
  ): Promise<T> {
    if (!changing.has(operation)) return await run();
    const before = await read(storage, bucket, key);
    const result = await run();
    this.#objects.set(nameOf(bucket, key), before);
    return result;
  }

  /** The same storage, in which this object is what it was. */
  storage(storage: Storage, bucket: string, key: string): Storage {
    const earlier = this.#objects.get(nameOf(bucket, key));
    const isMeant = (name: string, of: string) => name === bucket && of === key;
    return withMethods(storage, {
      find: (name, of) => (isMeant(name, of) ? earlier?.record : storage.find(name, of)),
      open: (name, of, versionId) => (isMeant(name, of) ? opened(earlier) : storage.open(name, of, versionId)),
    });
  }
}

function opened(earlier: Earlier | undefined): OpenObject | undefined {
  if (earlier === undefined) return undefined;
  const { record, bytes } = earlier;
  return { record, read: (start, end) => bytes.subarray(start, end), release: () => undefined };
}

async function read(storage: Storage, bucket: string, key: string): Promise<Earlier | undefined> {
  let object: OpenObject | undefined;
  try {
    object = storage.open(bucket, key);
    if (object === undefined) return undefined;
    const { record } = object;
    return { record, bytes: await wholeOf(object.read(0, record.sizeBytes)) };
  } catch {
    // No such bucket: the operation itself says so.
    return undefined;
  } finally {
    object?.release();
  }
}

function nameOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
