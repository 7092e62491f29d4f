/** CRC-32C (Castagnoli), eight bytes at a time by tables that are built when first needed. */

const polynomial = 0x82f63b78; // reversed 0x1EDC6F41
let slices: Int32Array | undefined;

/** The CRC-32C of `bytes`, continued from `seed` (the CRC of what came before). Unsigned 32 bits. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  slices ??= buildSlices();
  const t = slices;
  const b = bytes as { readonly [index: number]: number };
  const whole = bytes.length - (bytes.length % 8);
  let crc = ~seed;
  let i = 0;
  for (; i < whole; i += 8) {
    const low = crc ^ (at(b, i) | (at(b, i + 1) << 8) | (at(b, i + 2) << 16) | (at(b, i + 3) << 24));
    crc =
      at(t, 1792 + (low & 255)) ^
      at(t, 1536 + ((low >>> 8) & 255)) ^
      at(t, 1280 + ((low >>> 16) & 255)) ^
      at(t, 1024 + (low >>> 24)) ^
      at(t, 768 + at(b, i + 4)) ^
      at(t, 512 + at(b, i + 5)) ^
      at(t, 256 + at(b, i + 6)) ^
      at(t, at(b, i + 7));
  }
  for (; i < bytes.length; i += 1) crc = at(t, (crc ^ at(b, i)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function buildSlices(): Int32Array {
  const t = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n += 1) {
    let value = n;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    t[n] = value;
  }
  for (let n = 256; n < 2048; n += 1) {
    const before = at(t, n - 256);
    t[n] = at(t, before & 255) ^ (before >>> 8);
  }
  return t;
}

/** The compiler cannot know that every index here is in bounds. */
function at(array: { readonly [index: number]: number | undefined }, index: number): number {
  return array[index] as number;
}
