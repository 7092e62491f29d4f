/** In which forms loaders and savers take values, by suffix or as they are told. */
import { plainName } from "../../../codec/index.ts";
import type { Cell, Depot, Json } from "../../../depot/index.ts";
import type { Bytes } from "../../../store/index.ts";
import type { AnyFrame, Frame } from "../../../table/index.ts";

/** What a value is as: a text, rows of text (`csv`), a polars frame (`table`) … */
export type DataForm = "text" | "json" | "csv" | "lines" | "table" | "pickle" | "bytes";

/** What loading gives. */
export interface LoadedForms {
  readonly text: string;
  readonly json: Json;
  readonly csv: string[][];
  readonly lines: string[];
  readonly table: Frame;
  readonly pickle: Json;
  readonly bytes: Bytes;
}

/** What saving takes. */
export interface SavedForms {
  readonly text: string;
  readonly json: unknown;
  readonly csv: Iterable<readonly Cell[]>;
  readonly lines: Iterable<string>;
  readonly table: AnyFrame;
  readonly pickle: unknown;
  readonly bytes: Uint8Array;
}

type TableSuffix = "csv" | "tsv" | "parquet" | "pqt" | "arrow" | "feather" | "ipc" | "jsonl" | "ndjson";
type TextSuffix = "txt" | "md" | "html" | "xml" | "yaml" | "yml" | "sql" | "toml";

/** The form that an address says, to the compiler; all of them where it is not written out. */
export type FormOfUri<U extends string> = string extends U
  ? DataForm
  : U extends `${infer Plain}.${"gz" | "bz2" | "xz" | "zst"}`
    ? FormOfUri<Plain>
    : U extends `${string}.json`
      ? "json"
      : U extends `${string}.${TableSuffix}` | `${string}/`
        ? "table"
        : U extends `${string}.${TextSuffix}`
          ? "text"
          : U extends `${string}.${"pkl" | "pickle"}`
            ? "pickle"
            : "bytes";

const bySuffix: Readonly<Record<TableSuffix | TextSuffix | "json" | "pkl" | "pickle", DataForm>> = {
  ...{ csv: "table", tsv: "table", parquet: "table", pqt: "table", arrow: "table", feather: "table", ipc: "table" },
  ...{ jsonl: "table", ndjson: "table", json: "json", pkl: "pickle", pickle: "pickle" },
  ...{ txt: "text", md: "text", html: "text", xml: "text", yaml: "text", yml: "text", sql: "text", toml: "text" },
};

/** The form that an address says when it is run: a folder is a table of many files, what says nothing is bytes. */
export function formOfUri(uri: string): DataForm {
  if (uri.endsWith("/")) return "table";
  const name = plainName(uri.replace(/\?versionId=[^?]*$/, ""));
  const suffix =
    name
      .slice(name.lastIndexOf("/") + 1)
      .split(".")
      .slice(1)
      .at(-1)
      ?.toLowerCase() ?? "";
  return Object.hasOwn(bySuffix, suffix) ? bySuffix[suffix as keyof typeof bySuffix] : "bytes";
}

/** Options of the verb that reads a form. */
export interface LoadVerbOptions {
  readonly text: Parameters<Depot["readText"]>[1];
  readonly json: Parameters<Depot["readJson"]>[1];
  readonly csv: Parameters<Depot["readCsv"]>[1];
  readonly lines: Parameters<Depot["readLines"]>[1];
  readonly table: Parameters<Depot["readTable"]>[1];
  readonly pickle: Parameters<Depot["readPickle"]>[1];
  readonly bytes: Parameters<Depot["readBytes"]>[1];
}

/** Options of the verb that writes a form. */
export interface SaveVerbOptions {
  readonly text: Parameters<Depot["writeText"]>[2];
  readonly json: Parameters<Depot["writeJson"]>[2];
  readonly csv: Parameters<Depot["writeCsv"]>[2];
  readonly lines: Parameters<Depot["writeLines"]>[2];
  readonly table: Parameters<Depot["writeTable"]>[2];
  readonly pickle: Parameters<Depot["writePickle"]>[2];
  readonly bytes: Parameters<Depot["writeBytes"]>[2];
}

const readers = {
  text: "readText",
  json: "readJson",
  csv: "readCsv",
  lines: "readLines",
  table: "readTable",
  pickle: "readPickle",
  bytes: "readBytes",
} as const;
const writers = {
  text: "writeText",
  json: "writeJson",
  csv: "writeCsv",
  lines: "writeLines",
  table: "writeTable",
  pickle: "writePickle",
  bytes: "writeBytes",
} as const;

type Read = (from: string, options: unknown) => Promise<unknown>;
type Write = (to: string, value: unknown, options: unknown) => Promise<WrittenData>;

/** What a verb that writes tells; of a table in many files, of all of them. */
export interface WrittenData {
  readonly uri: string;
  readonly etag?: string | undefined;
  readonly sizeBytes: number;
  readonly versionId?: string | undefined;
}

export function readAs(data: Depot, form: DataForm, uri: string, options: unknown): Promise<unknown> {
  return (data[readers[form]] as unknown as Read)(uri, options);
}

export function writeAs(
  data: Depot,
  form: DataForm,
  uri: string,
  value: unknown,
  options: unknown,
): Promise<WrittenData> {
  return (data[writers[form]] as unknown as Write)(uri, value, options);
}

/** Of a table, of rows and of lines. */
export function rowsOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  const { height } = (typeof value === "object" && value !== null ? value : {}) as { readonly height?: unknown };
  return typeof height === "number" ? height : undefined;
}

export function checkForm(verb: string, form: unknown): void {
  if (form === undefined || (typeof form === "string" && Object.hasOwn(readers, form))) return;
  throw new TypeError(`as of ${verb} is one of ${Object.keys(readers).join(", ")}, not ${JSON.stringify(form)}`);
}
