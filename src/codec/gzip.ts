/**
 * gzip, as Python's `gzip` reads it: members one after the other, zeros after a member skipped, anything else an error, an
 * empty input an empty output. What is written says neither when nor where it was made.
 */
import { createGunzip, createGzip, gunzipSync, gzipSync } from "node:zlib";
import type { Bytes } from "./bytes.ts";
import { Engine } from "./engine.ts";
import { decodeMembers } from "./members.ts";

/** Bytes of output per call of zlib; at Node's own 16 KiB the calls would cost as much as the work. */
const chunkSize = 128 * 1024;

/** Decodes a stream. Throws what zlib says. */
export function gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
  return decodeMembers(source, () => createGunzip({ chunkSize }), padded);
}

/** Encodes a stream. `level` 1 to 9, default 6. */
export async function* gzip(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Bytes> {
  const engine = new Engine(createGzip({ chunkSize, level }));
  let at = 0;
  const ofNoSystem = (chunk: Bytes): Bytes => {
    if (at <= systemByte && systemByte < at + chunk.length) chunk[systemByte - at] = unknownSystem;
    at += chunk.length;
    return chunk;
  };
  try {
    for await (const chunk of source) {
      if (chunk.length > 0) for await (const out of engine.push(chunk)) yield ofNoSystem(out);
    }
    for await (const out of engine.finish()) yield ofNoSystem(out);
  } finally {
    engine.close();
  }
}

/** Where the header names the operating system, and what Python and others write there. */
const systemByte = 9;
const unknownSystem = 255;

/** Encodes at once; for small bodies. */
export function gzipAtOnce(bytes: Uint8Array, level: number): Bytes {
  const whole = new Uint8Array(gzipSync(bytes, { level }));
  whole[systemByte] = unknownSystem;
  return whole;
}

/** Decodes at once, or `undefined` when more than `maxBytes` would come out. Throws what zlib says. */
export function gunzipAtOnce(bytes: Uint8Array, maxBytes: number): Bytes | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let rest = bytes; rest.length > 0; ) {
    const { part, taken } = oneRun(rest, maxBytes - size) ?? {};
    if (part === undefined) return undefined;
    parts.push(part);
    size += part.length;
    rest = padded(rest.subarray(taken));
  }
  const [only] = parts;
  return new Uint8Array(parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, size));
}

interface Run {
  readonly part: Uint8Array;
  readonly taken: number;
}

function oneRun(bytes: Uint8Array, maxBytes: number): Run | undefined {
  if (maxBytes < 1) return undefined;
  try {
    // Node's types do not know `info`, which tells how much of the input was taken.
    const options = { info: true, maxOutputLength: maxBytes };
    const result = gunzipSync(bytes, options) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { part: result.buffer, taken: result.engine.bytesWritten };
  } catch (error) {
    if (error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

/** What follows the zeros after a member, which must be another one. */
function padded(rest: Uint8Array): Uint8Array {
  let at = 0;
  while (at < rest.length && rest[at] === 0) at += 1;
  // As zlib would say it; to zlib, a single wrong byte is a header that is cut.
  if (at < rest.length && rest[at] !== 0x1f)
    throw Object.assign(new Error("incorrect header check"), { code: "Z_DATA_ERROR" });
  return rest.subarray(at);
}
