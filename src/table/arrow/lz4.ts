/** LZ4 frames, as Arrow compresses its buffers. Checksums are not looked at: Arrow writes none. */

/** RangeError for what is damaged or is not as long as it says. */
export function unlz4(frames: Uint8Array, sizeBytes: number): Uint8Array {
  const from = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
  const to = new Uint8Array(sizeBytes);
  let [at, end] = [0, 0];
  while (at < from.length) {
    if (from.readUInt32LE(at) !== 0x184d2204) throw new RangeError("no LZ4 frame");
    const flags = from.readUInt8(at + 4);
    const [hasBlockSum, hasSize, hasSum, hasDictionary] = [16, 8, 4, 1].map((bit) => (flags & bit) !== 0);
    if (hasDictionary) throw new RangeError("an LZ4 frame with a dictionary of its own");
    at += 7 + (hasSize ? 8 : 0);
    for (;;) {
      const word = from.readUInt32LE(at);
      at += 4;
      if (word === 0) break;
      const size = word & 0x7fffffff;
      if (size > from.length - at) throw new RangeError("an LZ4 block ends behind its bytes");
      const block = from.subarray(at, at + size);
      end = word >>> 31 === 1 ? stored(block, to, end) : unpacked(block, to, end);
      at += size + (hasBlockSum ? 4 : 0);
    }
    if (hasSum) at += 4;
  }
  if (end !== sizeBytes) throw new RangeError("LZ4 of another length than it says");
  return to;
}

function stored(block: Uint8Array, to: Uint8Array, end: number): number {
  to.set(block, end);
  return end + block.length;
}

/** Blocks may refer to what stands before them. */
function unpacked(block: Buffer, to: Uint8Array, start: number): number {
  let [at, end] = [0, start];
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; length += more) more = block.readUInt8(at++);
    return length;
  };
  while (at < block.length) {
    const token = block.readUInt8(at++);
    const literals = lengthOf(token >> 4);
    if (literals > block.length - at) throw new RangeError("LZ4 text ends behind its block");
    end = stored(block.subarray(at, at + literals), to, end);
    at += literals;
    if (at === block.length) break;
    const distance = block.readUInt16LE(at);
    at += 2;
    const length = 4 + lengthOf(token & 15);
    if (distance === 0 || distance > end || length > to.length - end) throw new RangeError("LZ4 refers to nothing");
    for (let count = 0; count < length; count += 1, end += 1) to[end] = to[end - distance] as number;
  }
  return end;
}
