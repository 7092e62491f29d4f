/** The Range header, as S3 reads it: one range of bytes; what it cannot read it ignores. */

/** Half open. */
export interface ResolvedByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes that `header` asks for of an object of `size`. Undefined stands for the whole object: no header, other units, several
 * ranges, or not well-formed. `"unsatisfiable"` when it begins at or beyond the end.
 */
export function resolveRange(
  header: string | undefined,
  size: number,
): ResolvedByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "") {
    // The last bytes of an empty object are all of it (RFC 9110, 14.1.2), but the last none are none.
    if (last === "" || (size === 0 && Number(last) > 0)) return undefined;
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? "unsatisfiable" : { start: size - suffix, end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) return "unsatisfiable";
  return { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}
