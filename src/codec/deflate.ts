/** Raw deflate, as zip holds it: one stream whose end is known to the byte. */
import { createDeflateRaw, createInflateRaw, deflateRawSync, inflateRawSync } from "node:zlib";
import { EntrepotError } from "../error/index.ts";
import type { Bytes } from "./bytes.ts";
import { Engine } from "./engine.ts";

const chunkSize = 128 * 1024;

/** Decodes a stream that ends with its source. Errors, with `uri`: truncated, malformed. */
export async function* inflateRaw(source: AsyncIterable<Uint8Array>, uri: string | undefined): AsyncGenerator<Bytes> {
  const engine = new Engine(createInflateRaw({ chunkSize }));
  let given = 0;
  try {
    for await (const chunk of source) {
      given += chunk.length;
      if (engine.ended) throw deflateError(uri, "something follows its end");
      if (chunk.length > 0) yield* engine.push(chunk);
    }
    if (!engine.ended) yield* engine.finish();
    if (engine.taken !== given) throw deflateError(uri, "something follows its end");
  } catch (error) {
    throw asDeflateError(error, uri);
  } finally {
    engine.close();
  }
}

/** Decodes at once, for small bodies of a size that is known, for which there is room: more than `sizeBytes` is malformed. */
export function inflateRawAtOnce(bytes: Uint8Array, sizeBytes: number, uri: string | undefined): Bytes {
  try {
    // Node's types do not know `info`, which tells how much of the input was taken.
    // one byte more shows the end without another piece
    const options = { info: true, maxOutputLength: Math.max(sizeBytes, 1), chunkSize: Math.max(64, sizeBytes + 1) };
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as {
      readonly buffer: Buffer<ArrayBuffer>;
      readonly engine: { readonly bytesWritten: number };
    };
    if (engine.bytesWritten !== bytes.length) throw deflateError(uri, "something follows its end");
    return buffer;
  } catch (error) {
    if (error instanceof RangeError)
      throw deflateError(uri, `it expands to more than the ${sizeBytes} bytes it claims`);
    throw asDeflateError(error, uri);
  }
}

/** Encodes a stream. `level` 1 to 9. */
export async function* deflateRaw(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Bytes> {
  const engine = new Engine(createDeflateRaw({ chunkSize, level }));
  try {
    for await (const chunk of source) if (chunk.length > 0) yield* engine.push(chunk);
    yield* engine.finish();
  } finally {
    engine.close();
  }
}

/** Encodes at once; for small bodies. */
export function deflateRawAtOnce(bytes: Uint8Array, level: number): Bytes {
  return deflateRawSync(bytes, { level });
}

function asDeflateError(error: unknown, uri: string | undefined): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  if (error.code === "Z_BUF_ERROR") {
    return new EntrepotError("truncated", "the deflated data ends too early", { uri, cause: error, retryable: false });
  }
  return error.code.startsWith("Z_") ? deflateError(uri, error.message, error) : error;
}

function deflateError(uri: string | undefined, why: string, cause?: Error): EntrepotError {
  const hint = "make the archive again; nothing that was in it is to be trusted";
  return new EntrepotError("malformed", `the deflated data is damaged: ${why}`, { uri, cause, hint });
}
