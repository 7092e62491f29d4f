/**
 * CRC-64/NVME, the checksum that S3 keeps of every object by default: long pieces by WebAssembly, short ones by tables. JavaScript has
 * no fast 64-bit integers, so the register is two 32-bit halves.
 */
import { FoldOnDemand } from "./fold-on-demand.ts";
import { at, buildSlices, byteAt, type Slices } from "./slices.ts";

const [polynomialLow, polynomialHigh] = [0xac4bc9b5, 0x9a6c9329]; // reversed 0xAD93D23594C93659
const mask = 0xffffffffn;
let tables: Slices | undefined;

/** How far apart a byte and the copies lie that can replace it, in bytes. */
export const distances64nvme: readonly number[] = [212, 317, 543, 553, 631, 872, 944, 1104];
const fold = new FoldOnDemand(distances64nvme, slices);

/** The CRC-64/NVME of `bytes`, continued from `seed` (the CRC of what came before). Unsigned 64 bits. */
export function crc64nvme(bytes: Uint8Array, seed = 0n): bigint {
  const register = new Crc64Register(Number(seed & mask), Number((seed >> 32n) & mask));
  register.update(bytes);
  return (BigInt(register.high) << 32n) | BigInt(register.low);
}

/** The CRC of what came so far; its halves are unsigned 32-bit numbers. */
export class Crc64Register {
  #low: number;
  #high: number;

  constructor(low = 0, high = 0) {
    this.#low = ~low;
    this.#high = ~high;
  }

  get low(): number {
    return ~this.#low >>> 0;
  }

  get high(): number {
    return ~this.#high >>> 0;
  }

  update(bytes: Uint8Array): void {
    const engine = fold.for(bytes.length);
    if (engine === undefined) {
      this.#slice(bytes);
      return;
    }
    engine.update(this.#low, this.#high, bytes);
    this.#low = engine.low;
    this.#high = engine.high;
  }

  #slice(bytes: Uint8Array): void {
    const { low: l, high: h } = slices();
    let low = this.#low;
    let high = this.#high;
    const whole = bytes.length - (bytes.length % 8);
    let i = 0;
    for (; i < whole; i += 8) {
      const x =
        low ^
        (byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8) | (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24));
      const y =
        high ^
        (byteAt(bytes, i + 4) |
          (byteAt(bytes, i + 5) << 8) |
          (byteAt(bytes, i + 6) << 16) |
          (byteAt(bytes, i + 7) << 24));
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
      const index = (low ^ byteAt(bytes, i)) & 255;
      low = at(l, index) ^ ((low >>> 8) | (high << 24));
      high = at(h, index) ^ (high >>> 8);
    }
    this.#low = low;
    this.#high = high;
  }
}

function slices(): Slices {
  tables ??= buildSlices(polynomialLow, polynomialHigh);
  return tables;
}
