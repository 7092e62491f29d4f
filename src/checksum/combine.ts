/**
 * The CRC of two pieces from the CRCs of each, without their bytes: what lets parts that arrive out of order, or
 * are uploaded by several hands, be held against one checksum of the whole. Microseconds, whatever the lengths.
 */

/** The CRC-32 of A followed by B, where B is `secondBytes` long: 0 to 2^53 - 1. */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  return combine32(powersOf32, first, second, secondBytes);
}

/** The CRC-32C of A followed by B, where B is `secondBytes` long: 0 to 2^53 - 1. */
export function combineCrc32c(first: number, second: number, secondBytes: number): number {
  return combine32(powersOf32c, first, second, secondBytes);
}

/** The CRC-64/NVME of A followed by B, where B is `secondBytes` long: 0 to 2^53 - 1. */
export function combineCrc64nvme(first: bigint, second: bigint, secondBytes: number): bigint {
  const moved = powersOf64.move([Number(first >> 32n) | 0, Number(first & 0xffffffffn) | 0], secondBytes);
  return ((BigInt(moved[0] >>> 0) << 32n) | BigInt(moved[1] >>> 0)) ^ second;
}

function combine32(powers: Powers<number>, first: number, second: number, secondBytes: number): number {
  return (powers.move(first, secondBytes) ^ second) >>> 0;
}

/**
 * Appending n zero bytes multiplies a CRC by x^(8n), its initial and final inversions cancelling out. The powers x^(8·2^k) are
 * kept once computed: a length then takes one product for each of its bits.
 */
class Powers<Element> {
  readonly #multiply: (a: Element, b: Element) => Element;
  readonly #ofBit: Element[];

  constructor(x8: Element, multiply: (a: Element, b: Element) => Element) {
    this.#multiply = multiply;
    this.#ofBit = [x8];
  }

  move(crc: Element, bytes: number): Element {
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError("secondBytes is a byte count");
    let moved = crc;
    // Not by shifting: lengths have more than 32 bits.
    for (let [rest, bit] = [bytes, 0]; rest > 0; rest = Math.floor(rest / 2), bit += 1) {
      const power = this.#power(bit);
      if (rest % 2 === 1) moved = this.#multiply(moved, power);
    }
    return moved;
  }

  #power(bit: number): Element {
    const known = this.#ofBit[bit];
    if (known !== undefined) return known;
    const half = this.#power(bit - 1);
    const power = this.#multiply(half, half);
    this.#ofBit[bit] = power;
    return power;
  }
}

// Polynomials over GF(2) are reversed as in the CRCs: bit 0 is the highest power, so x^8 is 8 bits from the top.
const powersOf32 = new Powers(1 << 23, (a: number, b: number) => multiply32(0xedb88320, a, b));
const powersOf32c = new Powers(1 << 23, (a: number, b: number) => multiply32(0x82f63b78, a, b));
const powersOf64 = new Powers<Halves>([1 << 23, 0], multiply64);

/** The product modulo the polynomial. */
function multiply32(polynomial: number, a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = 31; bit >= 0; bit -= 1) {
    product ^= shifted & -((a >>> bit) & 1);
    shifted = (shifted >>> 1) ^ (polynomial & -(shifted & 1));
  }
  return product;
}

type Halves = readonly [high: number, low: number];

/** The product modulo the polynomial of CRC-64/NVME. */
function multiply64(a: Halves, b: Halves): Halves {
  let [high, low] = [0, 0];
  let [shiftedHigh, shiftedLow] = b;
  for (const half of a) {
    for (let bit = 31; bit >= 0; bit -= 1) {
      const taken = -((half >>> bit) & 1);
      high ^= shiftedHigh & taken;
      low ^= shiftedLow & taken;
      const carry = -(shiftedLow & 1);
      shiftedLow = ((shiftedLow >>> 1) | (shiftedHigh << 31)) ^ (0xac4bc9b5 & carry);
      shiftedHigh = (shiftedHigh >>> 1) ^ (0x9a6c9329 & carry);
    }
  }
  return [high, low];
}
