/** A Parquet footer: its schema, its row groups and where their columns lie. What else it says is kept as it is. */
import { EntrepotError } from "../../error/index.ts";
import { type Fields, readStruct, type Value } from "./thrift.ts";

/** One leaf of the schema in one row group. */
export interface Chunk {
  /** The column of the table that it belongs to. */
  readonly column: string;
  readonly start: number;
  readonly end: number;
  readonly values: number;
  readonly fields: Fields;
}

export interface RowGroup {
  readonly rows: number;
  /** Rows before it. */
  readonly firstRow: number;
  readonly chunks: readonly Chunk[];
  readonly fields: Fields;
}

/** A column of the table. */
export interface SchemaColumn {
  readonly name: string;
  /** The element of a column that is no group; what kind of text or number its bytes are. */
  readonly leaf: Fields | undefined;
}

export interface Footer {
  readonly rows: number;
  readonly columns: readonly SchemaColumn[];
  readonly rowGroups: readonly RowGroup[];
  readonly fields: Fields;
  /** Where the data end. */
  readonly dataEnd: number;
}

/** What the last eight bytes say. Errors: malformed, unsupported for encrypted files. */
export function footerLength(tail: Uint8Array, sizeBytes: number, uri: string): number {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).subarray(-8);
  const magic = bytes.toString("latin1", Math.max(0, bytes.length - 4));
  if (magic === "PARE") {
    throw new EntrepotError("unsupported", `${uri} is an encrypted Parquet file`, {
      uri,
      hint: "decrypt it with the tool that made it",
    });
  }
  const length = bytes.length < 8 || magic !== "PAR1" ? -1 : bytes.readUInt32LE(0);
  if (length > 0 && length + 12 <= sizeBytes) return length;
  throw new EntrepotError("malformed", `${uri} is no Parquet file: it does not end like one`, {
    uri,
    hint: "was it written to its end? { format } says what it is, if its name does not",
  });
}

/** Errors: malformed for what contradicts itself or the size of the file. */
export function parseFooter(bytes: Uint8Array, sizeBytes: number, uri: string): Footer {
  try {
    const fields = readStruct(bytes);
    const dataEnd = sizeBytes - bytes.byteLength - 8;
    let firstRow = 0;
    const rowGroups = itemsOf(fields.get(4)).map((item) => {
      const group = rowGroupOf(structOf(item), firstRow, dataEnd);
      firstRow += group.rows;
      return group;
    });
    return { rows: numberOf(fields.get(3)), columns: columnsOfSchema(fields), rowGroups, fields, dataEnd };
  } catch (error) {
    if (error instanceof EntrepotError)
      throw new EntrepotError(error.code, `${error.message}: ${uri}`, { uri, hint: error.hint });
    throw error;
  }
}

function rowGroupOf(fields: Fields, firstRow: number, dataEnd: number): RowGroup {
  const chunks = itemsOf(fields.get(1)).map((item) => chunkOf(structOf(item), dataEnd));
  return { rows: numberOf(fields.get(3)), firstRow, chunks, fields };
}

function chunkOf(fields: Fields, dataEnd: number): Chunk {
  if (fields.has(1))
    throw new EntrepotError("unsupported", "the columns of the Parquet file lie in other files", {
      hint: "read those files",
    });
  const meta = structOf(fields.get(3));
  const path = itemsOf(meta.get(3)).map(textOf);
  const dictionary = meta.get(11) === undefined ? 0 : numberOf(meta.get(11));
  const data = numberOf(meta.get(9));
  const values = numberOf(meta.get(5));
  // some writers do not say where data lie that are not there
  const start = values === 0 ? 4 : dictionary > 0 && dictionary < data ? dictionary : data;
  const end = values === 0 ? start : start + numberOf(meta.get(7));
  if (start < 4 || end > dataEnd || path[0] === undefined) throw damaged();
  return { column: path[0], start, end, values, fields };
}

/** The children of the root, each with all that is below it. */
function columnsOfSchema(fields: Fields): SchemaColumn[] {
  const elements = itemsOf(fields.get(2)).map(structOf);
  const columns: SchemaColumn[] = [];
  const total = elements[0]?.get(5) === undefined ? 0 : numberOf(elements[0].get(5));
  let at = 1;
  for (let index = 0; index < total; index += 1) {
    const element = elements[at];
    if (element === undefined) throw damaged();
    if (element.get(6) !== undefined && numberOf(element.get(6)) === interval)
      throw unsupported(textOf(element.get(4)), "intervals");
    const next = behind(elements, at);
    const digits = elements.slice(at, next).map((each) => (each.get(8) === undefined ? 0 : numberOf(each.get(8))));
    const most = Math.max(...digits);
    if (most > mostDigits) throw unsupported(textOf(element.get(4)), `decimals of ${most} digits`);
    const children = element.get(5) === undefined ? 0 : numberOf(element.get(5));
    columns.push({
      name: textOf(element.get(4)),
      leaf: children === 0 ? element : undefined,
    });
    at = next;
  }
  return columns;
}

/** Of the converted types, the one that polars ends a read with. */
const interval = 21;
/** Of a decimal. */
const mostDigits = 38;

function unsupported(name: string, what: string): EntrepotError {
  return new EntrepotError("unsupported", `column ${JSON.stringify(name)} holds ${what}, which polars cannot hold`, {
    hint: "write it as text, or as a simpler type, where the file is made",
  });
}

/** The element behind one and all that is below it. */
function behind(elements: readonly Fields[], at: number): number {
  let next = at + 1;
  for (let open = childrenOf(elements[at]); open > 0; open -= 1) {
    if (elements[next] === undefined) throw damaged();
    open += childrenOf(elements[next]);
    next += 1;
  }
  return next;
}

function childrenOf(element: Fields | undefined): number {
  const children = element?.get(5);
  return children === undefined ? 0 : numberOf(children);
}

export function damaged(): EntrepotError {
  return new EntrepotError("malformed", "the footer of the Parquet file contradicts itself", {
    hint: "copy it anew from where it was made",
  });
}

export function structOf(value: Value | undefined): Fields {
  if (value?.type === "struct") return value.fields;
  throw damaged();
}

export function itemsOf(value: Value | undefined): readonly Value[] {
  if (value?.type === "list" || value?.type === "set") return value.items;
  throw damaged();
}

export function numberOf(value: Value | undefined): number {
  if (value === undefined || !(value.type === "i64" || value.type === "i32" || value.type === "i16")) throw damaged();
  const number = Number(value.value);
  if (!Number.isSafeInteger(number) || number < 0) throw damaged();
  return number;
}

export function textOf(value: Value | undefined): string {
  if (value?.type !== "binary") throw damaged();
  return Buffer.from(value.value.buffer, value.value.byteOffset, value.value.byteLength).toString("utf8");
}
