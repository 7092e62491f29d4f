/** How much of an object is copied by one request inside a service. */

const mebibyte = 1024 ** 2;

/** How large objects are copied inside a service. */
export interface CopyLimits {
  /** Larger objects are copied in parts, bytes. Default 5 GiB, from where on S3 refuses to copy one whole. */
  readonly wholeBytes?: number | undefined;
  /** The size of a part, 5 MiB to 5 GiB; more where there would be over 10,000. Default 512 MiB. */
  readonly partBytes?: number | undefined;
  /** Parts of one object at once. Default 8. */
  readonly parallelParts?: number | undefined;
}

/** All of them. RangeError for what is no whole number from 1. */
export function copyLimits(given: CopyLimits = {}): { readonly [name in keyof CopyLimits]-?: number } {
  const { wholeBytes = 5 * 1024 * mebibyte, partBytes = 512 * mebibyte, parallelParts = 8 } = given;
  for (const [name, value] of Object.entries({ wholeBytes, partBytes, parallelParts })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`copies.${name} is ${value}, and not 1 or more`);
  }
  return { wholeBytes, partBytes, parallelParts };
}
