/** The format that a name says at run time: its suffix, below those of compressions. */
import { compressionsOfName, suffixOfCompression } from "../codec/index.ts";
import { EntrepotError } from "../error/index.ts";
import { type FormatsBySuffix, type TableFormat, tableFormats } from "./formats.ts";

const bySuffix: Readonly<FormatsBySuffix> = {
  csv: "csv",
  tsv: "csv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "json",
  parquet: "parquet",
  pqt: "parquet",
  arrow: "arrow",
  arrows: "arrow",
  feather: "arrow",
  ipc: "arrow",
  pkl: "pickle",
  pickle: "pickle",
};

export interface NamedFormat {
  readonly format: TableFormat;
  /** What the suffix says besides: `.tsv` is CSV with tabs. */
  readonly delimiter: string | undefined;
}

/** Errors: unsupported for a suffix that says none, TypeError for a `format` that there is none of. */
export function formatOfName(name: string, format: TableFormat | undefined, uri: string = name): NamedFormat {
  const suffix = suffixOf(name);
  const delimiter = suffix === "tsv" ? "\t" : undefined;
  if (format !== undefined) {
    if (tableFormats.includes(format)) return { format, delimiter };
    throw new TypeError(`there is no format ${JSON.stringify(format)} of tables: ${tableFormats.join(", ")}`);
  }
  const named = Object.hasOwn(bySuffix, suffix) ? bySuffix[suffix as keyof FormatsBySuffix] : undefined;
  if (named !== undefined) return { format: named, delimiter };
  const shown = suffix === "" ? "has no suffix that says" : `ends in .${suffix}, which does not say`;
  throw new EntrepotError("unsupported", `${uri} ${shown} how its table is written`, {
    uri,
    hint:
      suffix === "xlsx" || suffix === "xls"
        ? "docs/guide.md shows how to read a workbook through a local copy"
        : `give its format: one of ${tableFormats.join(", ")}${suffix === "" ? "; the address of a folder ends in /" : ""}`,
  });
}

/** The last suffix that is no compression's, in lower case. */
function suffixOf(name: string): string {
  let rest = name.slice(name.lastIndexOf("/") + 1);
  for (const compression of compressionsOfName(name)) {
    const end = suffixOfCompression(compression);
    if (rest.toLowerCase().endsWith(end)) rest = rest.slice(0, -end.length);
  }
  const dot = rest.lastIndexOf(".");
  return dot === -1 ? "" : rest.slice(dot + 1).toLowerCase();
}
