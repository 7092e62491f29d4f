/**
 * How much lies in one shard, as a file that anybody may add a line to: a base from a walk over the shard, then what came and
 * went since. Of a file with a line that is not whole nothing is believed; the shard is then walked again. Pure.
 */
import { crc32 } from "node:zlib";
import { plus, type Usage } from "../usage.ts";

/** Bytes of one line; it is written with one write. */
export const lineBytes = 32;

const kinds = { base: 0x656e7401, change: 0x656e7402 } as const;

/** What a walk found, and when, milliseconds since 1970. */
export function formatBase({ objects, sizeBytes }: Usage, walkedMs: number): Uint8Array {
  return line(kinds.base, objects, sizeBytes, walkedMs);
}

/** What came (or went, with a minus). */
export function formatChange({ objects, sizeBytes }: Usage): Uint8Array {
  return line(kinds.change, objects, sizeBytes, 0);
}

/** `undefined` when the file does not begin with a base or has lines that are not whole. */
export function parseUsage(bytes: Uint8Array): { readonly usage: Usage; readonly walkedMs: number } | undefined {
  const base = sumOf(bytes.subarray(0, lineBytes), kinds.base);
  const changes = parseChanges(bytes.subarray(lineBytes));
  if (base === undefined || changes === undefined || bytes.byteLength === 0) return undefined;
  const { objects, sizeBytes } = plus(base, changes);
  const walkedMs = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(16);
  // What went may have been noted by two: less than nothing is nothing.
  return { usage: { objects: Math.max(0, objects), sizeBytes: Math.max(0, sizeBytes) }, walkedMs };
}

/** The sum of lines that are all changes; `undefined` when they are not, or not whole. */
export function parseChanges(bytes: Uint8Array): Usage | undefined {
  return sumOf(bytes, kinds.change);
}

function sumOf(bytes: Uint8Array, kind: number): Usage | undefined {
  if (bytes.byteLength % lineBytes !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let objects = 0;
  let sizeBytes = 0;
  for (let at = 0; at < bytes.byteLength; at += lineBytes) {
    const isWhole = view.getUint32(at + 28) === crc32(bytes.subarray(at, at + 28));
    if (!isWhole || view.getUint32(at + 24) !== kind) return undefined;
    objects += view.getFloat64(at);
    sizeBytes += view.getFloat64(at + 8);
  }
  return Number.isFinite(objects + sizeBytes) ? { objects, sizeBytes } : undefined;
}

function line(kind: number, objects: number, sizeBytes: number, walkedMs: number): Uint8Array {
  const bytes = new Uint8Array(lineBytes);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, objects);
  view.setFloat64(8, sizeBytes);
  view.setFloat64(16, walkedMs);
  view.setUint32(24, kind);
  view.setUint32(28, crc32(bytes.subarray(0, 28)));
  return bytes;
}
