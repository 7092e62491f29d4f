/** Bytes that are no text in UTF-8, by how they begin: polars would make a table of them. */
import { EntrepotError } from "../../error/index.ts";

const magics: readonly (readonly [bytes: string, what: string, hint: string])[] = [
  ["PAR1", "Parquet", '{ format: "parquet" }'],
  ["ARROW1", "Arrow", '{ format: "arrow" }'],
  ["\x1f\x8b", "gzip", '{ decompress: "gzip" }'],
  ["BZh", "bzip2", '{ decompress: "bzip2" }'],
  ["\x28\xb5\x2f\xfd", "zstd", '{ decompress: "zstd" }'],
  ["\xfd7zXZ\0", "xz", '{ decompress: "xz" }'],
  ["PK\x03\x04", "a zip archive or a workbook", "unpack() takes an archive apart; docs/guide.md shows what"],
];

/** Error: malformed, with the option that reads it. */
export function refuseForeignText(head: Buffer, format: "csv" | "jsonl" | "json", uri: string): void {
  const start = head.toString("latin1", 0, 8);
  const isLittle = start.startsWith("\xff\xfe") || hasZeros(head, 1);
  const asUtf8 = 'JSON is UTF-8: readText with { encoding: "utf-16le" } and writeText make it that, which';
  if (isLittle) throw noText("UTF-16", format === "csv" ? '{ encoding: "utf-16le" }' : asUtf8, uri);
  if (start.startsWith("\xfe\xff") || hasZeros(head, 0))
    throw noText(
      "UTF-16 with the greater byte first",
      "readBytes, Buffer.swap16() and writeBytes make utf-16le of it, which an encoding",
      uri,
    );
  const magic = magics.find(([bytes]) => start.startsWith(bytes));
  // text may begin with these letters
  if (magic !== undefined && /[^\t\n\r -~]/.test(head.toString("latin1", 0, 64))) throw noText(magic[1], magic[2], uri);
}

/** Whether every other byte, from the first or the second on, is a zero, as Latin letters have in UTF-16. */
function hasZeros(head: Buffer, first: 0 | 1): boolean {
  const few = head.subarray(0, 64);
  if (few.length < 4) return false;
  let zeros = 0;
  for (let at = first; at < few.length; at += 2) if (few[at] === 0) zeros += 1;
  return zeros > few.length / 4 && !few.subarray(0, 2).every((byte) => byte === 0);
}

function noText(what: string, hint: string, uri: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} is ${what}, no text in UTF-8`, { uri, hint: `${hint} reads it` });
}
