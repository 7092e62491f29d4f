/** All bytes of an open file at once. */
import { EntrepotError } from "../error/index.ts";
import type { ReadableFile } from "./disk.ts";

/** Errors: limit-exceeded above `maxBytes`; changed when it became shorter meanwhile. */
export async function wholeOf(file: ReadableFile, path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const { sizeBytes } = file.stat;
  if (sizeBytes > maxBytes) throw tooLarge(path, maxBytes);
  if (sizeBytes === 0) return readToEnd(file, path, maxBytes);
  const bytes = new Uint8Array(sizeBytes);
  if ((await file.read(bytes, 0)) < sizeBytes) {
    throw new EntrepotError("changed", `${path} became shorter while it was being read`, { hint: "read it again" });
  }
  return bytes;
}

/** Files of the kernel (`/proc/…`) say that they are empty. */
async function readToEnd(file: ReadableFile, path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = new Uint8Array(4096);
    const read = await file.read(chunk, size);
    chunks.push(chunk.subarray(0, read));
    size += read;
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    if (read < chunk.byteLength) break;
  }
  const bytes = new Uint8Array(size);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(path: string, maxBytes: number): EntrepotError {
  const hint = "read it in ranges or as a stream";
  return new EntrepotError("limit-exceeded", `${path} is larger than ${maxBytes} bytes`, { hint });
}
