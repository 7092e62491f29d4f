/** The formats of tables: their names, the suffixes that mean them, and the options that each has. */
import type { PickleLimits } from "../format/index.ts";
import type { ColumnType } from "./columns.ts";
import type { EngineOf } from "./frame.ts";

/** Between two cells: one ASCII character. */
interface CsvShape {
  /** One ASCII character. Default `","`, for `.tsv` a tab. */
  readonly delimiter?: string | undefined;
  /** Whether the first row holds the names. Default true; without, columns are `column_1`, `column_2` … */
  readonly header?: boolean | undefined;
  /** One ASCII character, or false for none. Default `'"'`. */
  readonly quote?: string | false | undefined;
  /** What stands between a number and its fraction. Default `"."`. */
  readonly decimal?: "." | "," | undefined;
}

/** What only reading a format takes. */
export interface ReadFormats {
  readonly csv: CsvShape & {
    /** Lines that are left out at the beginning. Default 0. */
    readonly skipRows?: number | undefined;
    /** Lines that begin with this text are left out. Default: none. */
    readonly comment?: string | undefined;
    /** Texts that are missing values, besides an empty cell. Default: none. */
    readonly nullValues?: readonly string[] | undefined;
    /** Default `"utf-8"`, fatal. */
    readonly encoding?: "utf-8" | "utf-16le" | "latin1" | "windows-1252" | undefined;
    /** The types of some columns; the others are found by looking at all that is needed. A cell that does not fit is malformed. */
    readonly types?: Readonly<Record<string, ColumnType>> | undefined;
    /**
     * Whether texts that are ISO 8601 days, times or timestamps in a whole column become that: `2024-01-31`, `13:45:00.5`,
     * `2024-01-31T13:45Z`. All others stay text, as 31/01/2024. With offsets they are instants in UTC. Default false.
     */
    readonly dates?: boolean | undefined;
    readonly engine?: EngineOf<"scanCsv"> | undefined;
  };
  readonly jsonl: {
    /** As for CSV: `{ id: "string" }` keeps numbers of any length. */
    readonly types?: Readonly<Record<string, ColumnType>> | undefined;
    /** As for CSV. */
    readonly dates?: boolean | undefined;
    readonly engine?: EngineOf<"scanJson"> | undefined;
  };
  readonly json: {
    readonly types?: Readonly<Record<string, ColumnType>> | undefined;
    /** As for CSV. */
    readonly dates?: boolean | undefined;
    readonly engine?: EngineOf<"scanJson"> | undefined;
  };
  readonly parquet: {
    /** Row groups by number, from 0. Default: all that `where` and `limit` leave. */
    readonly rowGroups?: readonly number[] | undefined;
    readonly engine?: EngineOf<"readParquet"> | undefined;
  };
  readonly arrow: { readonly engine?: EngineOf<"scanIpc"> | undefined };
  readonly pickle: {
    /** As for `readPickle`. */
    readonly limits?: PickleLimits | undefined;
    readonly engine?: undefined;
  };
}

/** What only writing a format takes. */
export interface WriteFormats {
  readonly csv: CsvShape & {
    /** What ends a row. Default `"lf"`. */
    readonly newline?: "lf" | "crlf" | "\n" | "\r\n" | undefined;
    /** What stands for a missing value, and for nothing else. Default: nothing; a table of one column needs one. */
    readonly nullValue?: string | undefined;
    /** Digits behind the point of every float. Default: as many as tell it from its neighbours. */
    readonly floatDigits?: number | undefined;
    /** Floats as `1.5e3`. Default: polars' choice by size. */
    readonly floatScientific?: boolean | undefined;
    /** As chrono's strftime, e.g. `"%d/%m/%Y"`. Default ISO 8601. */
    readonly dateFormat?: string | undefined;
    readonly timestampFormat?: string | undefined;
    readonly engine?: EngineOf<"sinkCsv"> | undefined;
  };
  readonly jsonl: { readonly engine?: EngineOf<"sinkJson"> | undefined };
  readonly json: { readonly engine?: undefined };
  readonly parquet: {
    /** How pages are compressed inside the file. Default `"zstd"`. */
    readonly codec?: "snappy" | "zstd" | "gzip" | "lz4" | "brotli" | "none" | undefined;
    /** Default: polars' choice. */
    readonly rowGroupRows?: number | undefined;
    readonly engine?: EngineOf<"sinkParquet"> | undefined;
  };
  readonly arrow: {
    /** How buffers are compressed inside the file. Default `"none"`. */
    readonly codec?: "zstd" | "lz4" | "none" | undefined;
    readonly engine?: EngineOf<"sinkIpc"> | undefined;
  };
  readonly pickle: { readonly engine?: undefined };
}

export type TableFormat = keyof ReadFormats;

/** All of them, as they are told. */
export const tableFormats: readonly TableFormat[] = ["csv", "jsonl", "json", "parquet", "arrow", "pickle"];

export interface FormatsBySuffix {
  csv: "csv";
  tsv: "csv";
  jsonl: "jsonl";
  ndjson: "jsonl";
  json: "json";
  parquet: "parquet";
  pqt: "parquet";
  arrow: "arrow";
  arrows: "arrow";
  feather: "arrow";
  ipc: "arrow";
  pkl: "pickle";
  pickle: "pickle";
}

type LastSuffix<X extends string> = X extends `${string}.${infer Y}`
  ? LastSuffix<Y>
  : Lowercase<X> extends keyof FormatsBySuffix
    ? FormatsBySuffix[Lowercase<X>]
    : TableFormat;
type Plain<U extends string> = U extends `${infer P}.${"gz" | "bz2" | "xz" | "zst"}` ? P : U;

/** The format that a literal name says; every format where the name is only known at run time. */
export type FormatOf<U> = U extends string
  ? string extends U
    ? TableFormat
    : Plain<U> extends `${string}.${infer X}`
      ? LastSuffix<X>
      : TableFormat
  : TableFormat;
