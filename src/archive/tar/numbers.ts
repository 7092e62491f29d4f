/** Numbers in a tar header: octal digits, or, where they are larger, bytes with the first bit set. */

/** `undefined` for what is no number, or one that JavaScript cannot count. */
export function parseNumber(field: Uint8Array): number | undefined {
  const [first = 0] = field;
  if ((first & 0x80) !== 0) return parseBinary(field);
  const text = String.fromCharCode(...field).replace(/^[ \0]+|[ \0].*$/gs, "");
  if (text === "") return 0;
  if (!/^[0-7]+$/.test(text)) return undefined;
  const value = Number.parseInt(text, 8);
  return Number.isSafeInteger(value) ? value : undefined;
}

function parseBinary(field: Uint8Array): number | undefined {
  const [first = 0, ...rest] = field;
  const isNegative = (first & 0x40) !== 0;
  let value = isNegative ? (first & 0x3f) - 64 : first & 0x3f;
  for (const byte of rest) {
    value = value * 256 + byte;
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return value;
}

/** Octal with a NUL at the end; `undefined` where it does not fit. */
export function formatNumber(value: number, width: number): string | undefined {
  const text = value.toString(8);
  return value < 0 || text.length >= width ? undefined : `${text.padStart(width - 1, "0")}\0`;
}
