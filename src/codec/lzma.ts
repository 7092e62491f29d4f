/** LZMA without a container around it, as zips hold it. */
import type { Bytes } from "./bytes.ts";
import { CodecFault } from "./codec-fault.ts";
import { faultError } from "./zlib-error.ts";

export interface LzmaOptions {
  /** Of what comes out. */
  readonly sizeBytes: number;
  /** Whether a mark says where the data ends. */
  readonly hasEnd: boolean;
  /** Named in errors. */
  readonly uri?: string | undefined;
}

/** Decodes a stream that ends with its source. Errors: truncated, malformed, limit-exceeded. */
export async function* unlzma(source: AsyncIterable<Uint8Array>, options: LzmaOptions): AsyncGenerator<Bytes> {
  const { unlzma: decoded } = await import("./xz/unlzma.ts");
  try {
    yield* decoded(source, options);
  } catch (error) {
    throw error instanceof CodecFault ? faultError(error, "lzma", options.uri) : error;
  }
}
