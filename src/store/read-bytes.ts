/**
 * The sugar over `read` that most callers want: all bytes of one version in one array.
 */
import type { BodySink, Bytes, ObjectInfo, ReadOptions, ReadResult, ResolvedRange } from "./object-store.ts";

/** Gathers a read; starts again by itself when the object changed in mid-read. */
export class BytesSink implements BodySink {
  readonly restartable = true;
  bytes: Bytes = new Uint8Array(0);
  #filled = 0;

  start(_info: ObjectInfo, range: ResolvedRange): void {
    this.bytes = new Uint8Array(range.end - range.start);
    this.#filled = 0;
  }

  write(chunk: Uint8Array): void {
    this.bytes.set(chunk, this.#filled);
    this.#filled += chunk.byteLength;
  }
}

/** A value and the version that it came from. */
export interface ReadBytes {
  readonly bytes: Bytes;
  readonly result: ReadResult;
}

/** What a reader needs of a store; a cached one has more options. */
export interface Readable<O extends ReadOptions = ReadOptions> {
  read(key: string, sink: BodySink, options?: O): Promise<ReadResult | "not-modified">;
}

/** Reads an object or a range of it into memory. Errors as `ObjectStore.read`; `ifNoneMatch` is not for this. */
export async function readBytes<O extends ReadOptions>(
  store: Readable<O>,
  key: string,
  options?: O & { readonly ifNoneMatch?: undefined },
): Promise<ReadBytes> {
  const sink = new BytesSink();
  const result = await store.read(key, sink, options);
  if (result === "not-modified") throw new TypeError("readBytes gives bytes: do not pass ifNoneMatch");
  return { bytes: sink.bytes, result };
}
