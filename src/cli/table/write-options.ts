/** How `table convert` writes: `--to-…` where reading has an option of that name. */
import { choice, count, type Flag, flag, parsed, text, type ValueOption, type ValuesOf } from "../option.ts";
import { characterOf } from "./table-options.ts";

type WriteOptions = {
  readonly "to-delimiter": ValueOption<string>;
  readonly "to-decimal": ValueOption<"." | ",">;
  readonly "to-null": ValueOption<string>;
  readonly "to-newline": ValueOption<"lf" | "crlf">;
  readonly "to-no-header": Flag;
  readonly "float-digits": ValueOption<number>;
  readonly "date-format": ValueOption<string>;
  readonly "timestamp-format": ValueOption<string>;
  readonly codec: ValueOption<"snappy" | "zstd" | "gzip" | "lz4" | "brotli" | "none">;
  readonly "row-group-rows": ValueOption<number>;
};

export const writeOptions: WriteOptions = {
  "to-delimiter": parsed("CHAR", "between the cells of a CSV target (default ,)", characterOf),
  "to-decimal": choice([".", ","], "before the fraction of a number in a CSV target"),
  "to-null": text("TEXT", "for a missing value in a CSV target (default nothing)"),
  "to-newline": choice(["lf", "crlf"], "what ends a row of a CSV target"),
  "to-no-header": flag("a CSV target without a first row of names"),
  "float-digits": count("N", "digits behind the point of every float in a CSV target"),
  "date-format": text("FORMAT", "of days in a CSV target, e.g. %d.%m.%Y (default ISO 8601)"),
  "timestamp-format": text("FORMAT", "of timestamps in a CSV target, e.g. '%d.%m.%Y %H:%M'"),
  codec: choice(["snappy", "zstd", "gzip", "lz4", "brotli", "none"], "how Parquet or Arrow is compressed inside"),
  "row-group-rows": count("N", "rows in a row group of Parquet", undefined, 1),
};

/** As `writeTable` takes them. */
export function writingOf(values: ValuesOf<WriteOptions>): object {
  const given = {
    delimiter: values["to-delimiter"],
    decimal: values["to-decimal"],
    nullValue: values["to-null"],
    newline: values["to-newline"],
    header: values["to-no-header"] ? false : undefined,
    floatDigits: values["float-digits"],
    dateFormat: values["date-format"],
    timestampFormat: values["timestamp-format"],
    codec: values.codec,
    rowGroupRows: values["row-group-rows"],
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
