/** Whole numbers of Python have no bounds: a number where it is exact, else a bigint. */
export function exactInt(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
