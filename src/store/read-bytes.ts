/**
 * The sugar over `read` that most callers want: all bytes of one version in one array.
 */
import { constants } from "node:buffer";
import { EntrepotError } from "../error/index.ts";
import type { BodySink, Bytes, ObjectInfo, ReadOptions, ReadResult, ResolvedRange } from "./object-store.ts";

/** The most that one array is made for, bytes: what is meant for a file or a stream would end the process before. */
const mostBytes = Math.min(2 ** 31 - 1, constants.MAX_LENGTH);

/** Gathers a read; starts again by itself when the object changed in mid-read. */
export class BytesSink implements BodySink {
  readonly restartable = true;
  bytes: Bytes = new Uint8Array(0);
  readonly #uri: string | undefined;
  #filled = 0;

  /** `uri` is for messages. */
  constructor(uri?: string) {
    this.#uri = uri;
  }

  /** Error: limit-exceeded from 2 GiB on, or where this machine has not the memory. */
  start({ key }: ObjectInfo, range: ResolvedRange): void {
    this.#filled = 0;
    this.bytes = allocated(range.end - range.start, this.#uri ?? key);
  }

  write(chunk: Uint8Array): void {
    this.bytes.set(chunk, this.#filled);
    this.#filled += chunk.byteLength;
  }

  writeAt(offset: number, chunk: Uint8Array): void {
    this.bytes.set(chunk, offset);
  }
}

function allocated(sizeBytes: number, uri: string): Bytes {
  let cause: unknown;
  try {
    if (sizeBytes <= mostBytes) return new Uint8Array(sizeBytes);
  } catch (error) {
    cause = error;
  }
  throw new EntrepotError("limit-exceeded", `${uri}: ${sizeBytes} bytes are more than one array can hold here`, {
    uri,
    hint: "Read it as a stream (readStream), in ranges (readRange), or as a file (localCopy).",
    cause,
  });
}

/** A value and the version that it came from. */
export interface ReadBytes {
  readonly bytes: Bytes;
  readonly result: ReadResult;
}

/** What a reader needs of a store; a cached one has more options. */
export interface Readable<O extends ReadOptions = ReadOptions> {
  /** For messages: what stands before the key in an address. */
  readonly uri?: string | undefined;
  read(key: string, sink: BodySink, options?: O): Promise<ReadResult | "not-modified">;
}

/** Reads an object or a range of it into memory. Errors as `ObjectStore.read`; `ifNoneMatch` is not for this. */
export async function readBytes<O extends ReadOptions>(
  store: Readable<O>,
  key: string,
  options?: O & { readonly ifNoneMatch?: undefined },
): Promise<ReadBytes> {
  const sink = new BytesSink(`${store.uri ?? ""}${key}`);
  const result = await store.read(key, sink, options);
  if (result === "not-modified") throw new TypeError("readBytes gives bytes: do not pass ifNoneMatch");
  return { bytes: sink.bytes, result };
}
