/** A look at an output: the first rows of a table, the beginning of a text, that it is a picture, or why there is none. */
import type { Depot } from "../../depot/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import {
  type Column,
  columnsOf,
  type DataFrame,
  formatOfName,
  kindName,
  rows,
  type TableFormat,
} from "../../table/index.ts";
import type { OutputRecord } from "../store/index.ts";
import { isPicture } from "./file-response.ts";
import type { Preview } from "./preview-form.ts";

/** Bytes of a text. */
const mostTextBytes = 64 * 1024;
/** Bytes of a table that has to be read whole, and of a picture. */
const mostWholeBytes = 16 * 1024 ** 2;
const mostColumns = 200;
const longestCell = 1_000;

/** Error: those of reading; what is no table after all is shown as text. */
export async function previewOf(
  data: Depot,
  { uri, path, sizeBytes }: OutputRecord,
  rowCount: number,
  signal: AbortSignal,
): Promise<Preview> {
  if (sizeBytes === 0) return { kind: "none", reason: "it is empty" };
  if (isPicture(path))
    return sizeBytes <= mostWholeBytes
      ? { kind: "image" }
      : { kind: "none", reason: "the picture is too large to show" };
  const format = formatOf(path);
  if (format !== undefined && format !== "json") {
    const table = await tableOf(data, uri, rowCount, {
      isRead: isReadInParts(format) || sizeBytes <= mostWholeBytes,
      signal,
    });
    if (table !== undefined) return table;
  }
  const end = Math.min(sizeBytes, mostTextBytes);
  return textOf(await data.readRange(uri, { start: 0, end }, { signal }), end === sizeBytes);
}

async function tableOf(
  data: Depot,
  uri: string,
  rowCount: number,
  { isRead, signal }: { readonly isRead: boolean; readonly signal: AbortSignal },
): Promise<Preview | undefined> {
  if (!isRead)
    return { kind: "none", reason: "a table of this format is read whole, and this one is too large for that" };
  try {
    const frame = (await data.readTable(uri, { limit: rowCount + 1, signal })) as DataFrame;
    const all = columnsOf(frame);
    const columns = all.slice(0, mostColumns);
    const cells = [...rows(frame.head(rowCount), { timestamps: "text" })].map((row) =>
      columns.map((column) => cellOf(row[column.name], column)),
    );
    return {
      kind: "table",
      columns: columns.map(({ name, type }) => ({ name, type: kindName(type) })),
      rows: cells,
      isWhole: frame.height <= rowCount && columns.length === all.length,
    };
  } catch (error) {
    if (isEntrepotError(error, "malformed", "unsupported", "missing-peer")) return undefined;
    throw error;
  }
}

/** JSON is a text before it is a table. */
function formatOf(path: string): TableFormat | undefined {
  try {
    return formatOfName(path, undefined).format;
  } catch (error) {
    if (isEntrepotError(error, "unsupported")) return undefined;
    throw error;
  }
}

/** Whether the first rows need not all of its bytes. */
function isReadInParts(format: TableFormat): boolean {
  return format === "csv" || format === "parquet" || format === "jsonl";
}

function cellOf(value: unknown, { type }: Column): string | null {
  if (value === null || value === undefined) return null;
  const text =
    value instanceof Date
      ? value.toISOString().slice(0, type.kind === "date" ? 10 : undefined)
      : value instanceof Uint8Array
        ? `${value.byteLength} bytes`
        : typeof value === "object"
          ? JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each))
          : String(value);
  return text.length > longestCell ? `${text.slice(0, longestCell)}…` : text;
}

function textOf(bytes: Uint8Array, isWhole: boolean): Preview {
  if (bytes.includes(0)) return { kind: "none", reason: "it is no text, table or picture" };
  try {
    // a character that the end cuts in two is left out
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
    return { kind: "text", text, isWhole };
  } catch {
    return { kind: "none", reason: "it is no text in UTF-8" };
  }
}
