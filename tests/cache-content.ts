/** Bytes that tell by themselves whether they are one whole version: a seed, the size, and what follows from both. */

export function makeContent(seed: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const size = Math.max(8, sizeBytes);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, seed);
  view.setUint32(4, size);
  fill(bytes, seed);
  return bytes;
}

export function isContent(bytes: Uint8Array): boolean {
  if (bytes.byteLength < 8) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4) !== bytes.byteLength) return false;
  return Buffer.compare(makeContent(view.getUint32(0), bytes.byteLength), bytes) === 0;
}

function fill(bytes: Uint8Array, seed: number): void {
  let state = (seed ^ bytes.byteLength) >>> 0;
  for (let index = 8; index < bytes.byteLength; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
}
