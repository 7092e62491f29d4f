/** Decompression, as a stream and at once; both count what comes out against the limits. */
import { type Bytes, gathered } from "./bytes.ts";
import { codecOf } from "./codecs.ts";
import type { Compression } from "./compression.ts";
import { type DecodeOptions, Meter } from "./limits.ts";
import { zlibError } from "./zlib-error.ts";

/** The most that an array of bytes may be asked to hold by default. */
const maxArrayBytes = 2 * 1024 ** 3;
/** Inputs and outputs up to these sizes are decoded in one call, without a stream around it. */
const atOnceIn = 64 * 1024;
const atOnceOut = 1024 * 1024;

/**
 * Decodes a stream piece by piece; nothing is read before it is needed, and the source is closed when the reader stops. Errors,
 * at the first piece that shows them: truncated, integrity, malformed, limit-exceeded, unsupported.
 */
export function decode(
  compression: Compression,
  source: AsyncIterable<Uint8Array>,
  options: DecodeOptions = {},
): AsyncIterable<Bytes> {
  const codec = codecOf(compression, options.uri);
  const meter = new Meter(options);
  return withErrors(meter.output(codec.decode(meter.input(source))), compression, options.uri);
}

/** Decodes whole bytes: small ones at once, others off the main thread. `maxBytes` is 2 GiB by default. Errors as `decode`. */
export async function decodeAll(
  compression: Compression,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<Bytes> {
  const { decodeAtOnce } = codecOf(compression, options.uri);
  options.signal?.throwIfAborted();
  const limits = { ...options, maxBytes: options.maxBytes ?? maxArrayBytes };
  if (decodeAtOnce !== undefined && bytes.length <= atOnceIn) {
    const meter = new Meter(limits);
    try {
      const whole = decodeAtOnce(bytes, atOnceOut);
      if (whole !== undefined) {
        meter.count(bytes.length, whole.length);
        return whole;
      }
    } catch (error) {
      throw zlibError(error, compression, options.uri);
    }
  }
  return gathered(decode(compression, once(bytes), limits));
}

async function* withErrors(
  decoded: AsyncIterable<Bytes>,
  compression: Compression,
  uri: string | undefined,
): AsyncGenerator<Bytes> {
  try {
    yield* decoded;
  } catch (error) {
    throw zlibError(error, compression, uri);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
