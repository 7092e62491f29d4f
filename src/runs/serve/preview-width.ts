/** What a table would take to be shown, found out by its beginning or its end: before anything makes columns of it. */
import type { Depot } from "../../depot/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { PickledFrame } from "../../format/index.ts";
import { arrowWidth, parquetWidth, type TableFormat } from "../../table/index.ts";
import type { OutputRecord } from "../store/index.ts";

/** Of a table that is shown at all; those within columns that are groups count, too. */
export const mostWidth = 2_000;
/** Bytes of a table that has to be read whole, uncompressed. */
export const mostWholeBytes: number = 16 * 1024 ** 2;
/** Bytes of the rows of a text, uncompressed. */
const mostHeadBytes = 4 * 1024 ** 2;
/** Bytes of what a Parquet file says of itself. */
const mostFooterBytes = 16 * 1024 ** 2;
const mostPickledBytes = 512 * 1024 ** 2;
/** How deep the keys of JSON lines are looked at. */
const deepest = 64;
const [quote, newline] = [0x22, 0x0a];

interface Asked {
  readonly delimiter: string;
  readonly rowCount: number;
  readonly signal: AbortSignal;
}

/** Why it is not shown, or how many rows of it are at most. */
export type Fit = { readonly reason: string } | { readonly rows: number };

/** Errors: those of reading. */
export async function fitOf(data: Depot, output: OutputRecord, format: TableFormat, asked: Asked): Promise<Fit> {
  try {
    return format === "csv" || format === "jsonl"
      ? await fitOfText(data, output, format, asked)
      : fitOfWidth(await widthOf(data, output, format, asked.signal), asked.rowCount);
  } catch (error) {
    if (isEntrepotError(error, "limit-exceeded")) return { reason: "it is too large to be shown; download it" };
    throw error;
  }
}

function fitOfWidth(width: number | undefined, rows: number): Fit {
  if ((width ?? 0) <= mostWidth) return { rows };
  const count = width === Infinity ? `more than ${mostWidth}` : String(width);
  return { reason: `it is too wide to be shown, with ${count} columns; download it` };
}

async function widthOf(
  data: Depot,
  { uri, path, sizeBytes }: OutputRecord,
  format: TableFormat,
  signal: AbortSignal,
): Promise<number | undefined> {
  const whole = { decompress: "by-suffix", maxDecompressedBytes: mostWholeBytes, signal } as const;
  if (format === "arrow") return arrowWidth(await data.readBytes(uri, whole), mostWidth);
  if (format === "pickle") {
    const value = await data.readPickle(uri, { limits: { maxBytes: mostPickledBytes }, ...whole });
    return value instanceof PickledFrame ? value.columns.length : undefined;
  }
  // one that is compressed as a whole is read as a whole
  if (!/\.(?:parquet|pqt)$/i.test(path)) {
    const bytes = await data.readBytes(uri, whole);
    return bytes.byteLength < 12
      ? undefined
      : widthOfFooter(bytes.subarray(-8), async (start) => bytes.subarray(start));
  }
  if (sizeBytes < 12) return undefined;
  return widthOfFooter(await data.readRange(uri, { start: sizeBytes - 8, end: sizeBytes }, { signal }), (start) =>
    data.readRange(uri, { start: sizeBytes + start, end: Math.min(sizeBytes, sizeBytes + start + 32) }, { signal }),
  );
}

async function widthOfFooter(
  tail: Uint8Array,
  readFromEnd: (start: number) => Promise<Uint8Array>,
): Promise<number | undefined> {
  const length = new DataView(tail.buffer, tail.byteOffset, tail.byteLength).getUint32(0, true);
  if (length > mostFooterBytes) return Infinity;
  // what is longer than the file, reading it says
  return readFromEnd(-8 - length).then(parquetWidth, () => undefined);
}

async function fitOfText(
  data: Depot,
  { uri }: OutputRecord,
  format: "csv" | "jsonl",
  { delimiter, rowCount, signal }: Asked,
): Promise<Fit> {
  const separator = format === "csv" ? delimiter.charCodeAt(0) : undefined;
  const records = rowCount + (format === "csv" ? 1 : 0);
  const chunks = data.readStream(uri, { decompress: "by-suffix", signal });
  const head = await headOf(chunks, separator, records);
  const width = separator === undefined ? widthOfLines(head.bytes) : head.width;
  if (width > mostWidth || !head.isCut) return fitOfWidth(width > mostWidth ? Infinity : width, rowCount);
  const rows = head.records - (format === "csv" ? 1 : 0);
  return rows > 0 ? { rows } : { reason: `its rows are longer than ${mostHeadBytes} bytes; download it` };
}

/** The first records, the widest of them, and whether there was an end to what is read before there were as many as asked for. */
async function headOf(chunks: AsyncIterable<Uint8Array>, separator: number | undefined, records: number) {
  const parts: Uint8Array[] = [];
  const found = { records: 0, width: 0 };
  let [sizeBytes, width, isQuoted, before] = [0, 1, false, newline];
  for await (const chunk of chunks) {
    parts.push(chunk);
    sizeBytes += chunk.byteLength;
    for (const byte of chunk) {
      // a quote means something at the beginning of a cell, and within it
      if (separator !== undefined && byte === quote)
        isQuoted = !isQuoted && (before === separator || before === newline || before === quote);
      else if (!isQuoted && byte === separator) found.width = Math.max(found.width, ++width);
      else if (!isQuoted && byte === newline) {
        found.records += 1;
        width = 1;
      }
      before = byte;
    }
    const isCut = sizeBytes >= mostHeadBytes;
    if (isCut || found.records >= records || found.width > mostWidth)
      return { ...found, bytes: Buffer.concat(parts), isCut: isCut && found.records < records };
  }
  return { ...found, bytes: Buffer.concat(parts), isCut: false };
}

/** Different keys of the lines, also in one another. What is no JSON, reading it says. */
function widthOfLines(bytes: Buffer): number {
  const paths = new Set<string>();
  const add = (value: unknown, at: string, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > deepest) return;
    for (const [key, each] of Object.entries(value)) {
      const path = Array.isArray(value) ? at : `${at}\0${key}`;
      if (path !== at && paths.size <= mostWidth) paths.add(path);
      add(each, path, depth + 1);
    }
  };
  for (const line of bytes.toString("utf8").split("\n")) {
    try {
      add(JSON.parse(line), "", 0);
    } catch {
      // the last may be cut
    }
    if (paths.size > mostWidth) break;
  }
  return paths.size;
}
