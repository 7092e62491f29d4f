/** CRC-32C (Castagnoli): long pieces by WebAssembly, short ones by tables that are built when first needed. */
import { FoldOnDemand } from "./fold-on-demand.ts";
import { at, buildSlices, byteAt, type Slices } from "./slices.ts";

const polynomial = 0x82f63b78; // reversed 0x1EDC6F41
let tables: Slices | undefined;

/** How far apart a byte and the copies lie that can replace it, in bytes. */
export const distances32c: readonly number[] = [283, 432, 438, 442, 503];
const fold = new FoldOnDemand(distances32c, slices);

/** The CRC-32C of `bytes`, continued from `seed` (the CRC of what came before). Unsigned 32 bits. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  const engine = fold.for(bytes.length);
  if (engine === undefined) return ~sliced(bytes, ~seed) >>> 0;
  engine.update(~seed, 0, bytes);
  return ~engine.low >>> 0;
}

function slices(): Slices {
  tables ??= buildSlices(polynomial, 0);
  return tables;
}

function sliced(bytes: Uint8Array, register: number): number {
  const t = slices().low;
  const whole = bytes.length - (bytes.length % 8);
  let crc = register;
  let i = 0;
  for (; i < whole; i += 8) {
    const low =
      crc ^
      (byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8) | (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24));
    crc =
      at(t, 1792 + (low & 255)) ^
      at(t, 1536 + ((low >>> 8) & 255)) ^
      at(t, 1280 + ((low >>> 16) & 255)) ^
      at(t, 1024 + (low >>> 24)) ^
      at(t, 768 + byteAt(bytes, i + 4)) ^
      at(t, 512 + byteAt(bytes, i + 5)) ^
      at(t, 256 + byteAt(bytes, i + 6)) ^
      at(t, byteAt(bytes, i + 7));
  }
  for (; i < bytes.length; i += 1) crc = at(t, (crc ^ byteAt(bytes, i)) & 255) ^ (crc >>> 8);
  return crc;
}
