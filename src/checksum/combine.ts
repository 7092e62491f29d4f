/**
 * The CRC of two pieces from the CRCs of each, without their bytes: what lets parts that arrive out of order, or
 * are uploaded by several hands, be held against one checksum of the whole.
 */

interface Field {
  readonly width: bigint;
  /** Reversed polynomial: bit 0 is the highest power. */
  readonly polynomial: bigint;
}

const fieldOf32: Field = { width: 32n, polynomial: 0xedb88320n };
const fieldOf32c: Field = { width: 32n, polynomial: 0x82f63b78n };
const fieldOf64: Field = { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n };

/** The CRC-32 of A followed by B, where B is `secondBytes` long. */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  return Number(combine(fieldOf32, BigInt(first), BigInt(second), secondBytes));
}

/** The CRC-32C of A followed by B, where B is `secondBytes` long. */
export function combineCrc32c(first: number, second: number, secondBytes: number): number {
  return Number(combine(fieldOf32c, BigInt(first), BigInt(second), secondBytes));
}

/** The CRC-64/NVME of A followed by B, where B is `secondBytes` long. */
export function combineCrc64nvme(first: bigint, second: bigint, secondBytes: number): bigint {
  return combine(fieldOf64, first, second, secondBytes);
}

/** Appending n zero bytes multiplies a CRC by x^(8n); initial and final inversions cancel out. */
function combine(field: Field, first: bigint, second: bigint, secondBytes: number): bigint {
  if (!Number.isSafeInteger(secondBytes) || secondBytes < 0) throw new RangeError("secondBytes is a byte count");
  return multiply(field, first, powerOfX(field, 8n * BigInt(secondBytes))) ^ second;
}

function powerOfX(field: Field, exponent: bigint): bigint {
  const one = 1n << (field.width - 1n);
  let square = one >> 1n; // x
  let result = one;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(field, result, square);
    square = multiply(field, square, square);
  }
  return result;
}

/** The product of two polynomials modulo the field's, coefficients in GF(2). */
function multiply(field: Field, a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = field.width - 1n; bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ field.polynomial : shifted >> 1n;
  }
  return product;
}
