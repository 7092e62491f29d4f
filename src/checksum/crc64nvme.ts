/**
 * CRC-64/NVME, the checksum that S3 keeps of every object by default. JavaScript has no fast 64-bit integers,
 * so the register is two 32-bit halves; eight bytes at a time by tables that are built when first needed.
 */

const polynomial = 0x9a6c9329ac4bc9b5n; // reversed 0xAD93D23594C93659
const mask = 0xffffffffffffffffn;
let slices: { readonly low: Int32Array; readonly high: Int32Array } | undefined;

/** The CRC-64/NVME of `bytes`, continued from `seed` (the CRC of what came before). Unsigned 64 bits. */
export function crc64nvme(bytes: Uint8Array, seed = 0n): bigint {
  slices ??= buildSlices();
  const { low: l, high: h } = slices;
  const b = bytes as { readonly [index: number]: number };
  const start = ~seed & mask;
  let low = Number(start & 0xffffffffn) | 0;
  let high = Number(start >> 32n) | 0;
  const whole = bytes.length - (bytes.length % 8);
  let i = 0;
  for (; i < whole; i += 8) {
    const x = low ^ (at(b, i) | (at(b, i + 1) << 8) | (at(b, i + 2) << 16) | (at(b, i + 3) << 24));
    const y = high ^ (at(b, i + 4) | (at(b, i + 5) << 8) | (at(b, i + 6) << 16) | (at(b, i + 7) << 24));
    const i0 = 1792 + (x & 255);
    const i1 = 1536 + ((x >>> 8) & 255);
    const i2 = 1280 + ((x >>> 16) & 255);
    const i3 = 1024 + (x >>> 24);
    const i4 = 768 + (y & 255);
    const i5 = 512 + ((y >>> 8) & 255);
    const i6 = 256 + ((y >>> 16) & 255);
    const i7 = y >>> 24;
    low = at(l, i0) ^ at(l, i1) ^ at(l, i2) ^ at(l, i3) ^ at(l, i4) ^ at(l, i5) ^ at(l, i6) ^ at(l, i7);
    high = at(h, i0) ^ at(h, i1) ^ at(h, i2) ^ at(h, i3) ^ at(h, i4) ^ at(h, i5) ^ at(h, i6) ^ at(h, i7);
  }
  for (; i < bytes.length; i += 1) {
    const index = (low ^ at(b, i)) & 255;
    low = at(l, index) ^ ((low >>> 8) | (high << 24));
    high = at(h, index) ^ (high >>> 8);
  }
  return ~((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) & mask;
}

function buildSlices(): { readonly low: Int32Array; readonly high: Int32Array } {
  const low = new Int32Array(8 * 256);
  const high = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n += 1) {
    let value = BigInt(n);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    low[n] = Number(value & 0xffffffffn);
    high[n] = Number(value >> 32n);
  }
  for (let n = 256; n < 2048; n += 1) {
    const [l, h] = [at(low, n - 256), at(high, n - 256)];
    low[n] = at(low, l & 255) ^ ((l >>> 8) | (h << 24));
    high[n] = at(high, l & 255) ^ (h >>> 8);
  }
  return { low, high };
}

/** The compiler cannot know that every index here is in bounds. */
function at(array: { readonly [index: number]: number | undefined }, index: number): number {
  return array[index] as number;
}
