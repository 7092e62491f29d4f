/** A look at an output: the first rows of a table, the beginning of a text, that it is a picture, or why there is none. */
import type { Depot } from "../../depot/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import {
  type Column,
  columnsOf,
  type DataFrame,
  formatOfName,
  kindName,
  type NamedFormat,
  rows,
  type TableFormat,
} from "../../table/index.ts";
import { Gate } from "../../transfer/index.ts";
import type { OutputRecord } from "../store/index.ts";
import { isPicture } from "./file-response.ts";
import type { Preview } from "./preview-form.ts";
import { fitOf, mostWholeBytes } from "./preview-width.ts";

/** Bytes of a text. */
const mostTextBytes = 64 * 1024;
const mostColumns = 200;
const longestCell = 1_000;
/** Tables at a time, in this process: each may take a few hundred MB, and all cores. */
const tables = new Gate(2);

/** Error: those of reading; what is no table after all is shown as text. */
export async function previewOf(
  data: Depot,
  output: OutputRecord,
  rowCount: number,
  signal: AbortSignal,
): Promise<Preview> {
  const { uri, path, sizeBytes } = output;
  if (sizeBytes === 0) return { kind: "none", reason: "it is empty" };
  if (isPicture(path))
    return sizeBytes <= mostWholeBytes
      ? { kind: "image" }
      : { kind: "none", reason: "the picture is too large to show" };
  const format = formatOf(path);
  if (format !== undefined && format.format !== "json") {
    const table = await tables.pass(() => tableOf(data, output, format, { rowCount, signal }), signal);
    if (table !== undefined) return table;
  }
  const end = Math.min(sizeBytes, mostTextBytes);
  return textOf(await data.readRange(uri, { start: 0, end }, { signal }), end === sizeBytes);
}

async function tableOf(
  data: Depot,
  output: OutputRecord,
  { format, delimiter = "," }: NamedFormat,
  { rowCount, signal }: { readonly rowCount: number; readonly signal: AbortSignal },
): Promise<Preview | undefined> {
  if (!isReadInParts(format) && output.sizeBytes > mostWholeBytes)
    return { kind: "none", reason: "a table of this format is read whole, and this one is too large for that" };
  try {
    const fit = await fitOf(data, output, format, { delimiter, rowCount: rowCount + 1, signal });
    if ("reason" in fit) return { kind: "none", reason: fit.reason };
    const frame = (await data.readTable(output.uri, { limit: fit.rows, signal })) as DataFrame;
    const all = columnsOf(frame);
    const columns = all.slice(0, mostColumns);
    const cells = [...rows(frame.head(rowCount), { timestamps: "text" })].map((row) =>
      columns.map((column) => cellOf(row[column.name], column)),
    );
    return {
      kind: "table",
      columns: columns.map(({ name, type }) => ({ name, type: kindName(type) })),
      rows: cells,
      isWhole: frame.height <= rowCount && fit.rows > rowCount && columns.length === all.length,
    };
  } catch (error) {
    if (isEntrepotError(error, "malformed", "unsupported", "missing-peer")) return undefined;
    throw error;
  }
}

/** JSON is a text before it is a table. */
function formatOf(path: string): NamedFormat | undefined {
  try {
    return formatOfName(path, undefined);
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
