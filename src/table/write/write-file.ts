/** A frame as a file on this disk, in any format that polars writes. */
import { type DataFrame, engineError, type LazyDataFrame, type Polars } from "../engine.ts";
import type { WriteFormats } from "../formats.ts";
import { collect } from "../read/question.ts";
import { checkKinds } from "./check-kinds.ts";
import { csvCells } from "./csv-cells.ts";

type Written = Exclude<keyof WriteFormats, "pickle">;

export type WriteAs = { readonly [K in Written]: { readonly format: K } & WriteFormats[K] }[Written];

/** Cells from which on writing is done in polars' own threads. */
const manyCells = 200_000;

/** `json` is written as lines; who publishes it makes an array of them. Errors: unsupported; RangeError for options. */
export async function writeTableFile(
  pl: Polars,
  frame: DataFrame,
  path: string,
  as: WriteAs,
  uri: string,
): Promise<void> {
  checkKinds(pl, frame, as.format, uri);
  try {
    const cells = as.format === "csv" ? csvCells(pl, frame, as, uri) : frame;
    const sink = sinkOf(cells.lazy(), path, as);
    await collect(sink, frame.height * frame.width > manyCells);
  } catch (error) {
    throw engineError(error, uri, "writing");
  }
}

function sinkOf(lazy: LazyDataFrame, path: string, as: WriteAs): LazyDataFrame {
  switch (as.format) {
    case "csv":
      return lazy.sinkCSV(path, { ...csvOptions(as), checkExtension: false, ...as.engine });
    case "jsonl":
      return lazy.sinkNdJson(path, { checkExtension: false, ...as.engine });
    case "json":
      return lazy.sinkNdJson(path, { checkExtension: false });
    case "parquet": {
      const { codec = "zstd", rowGroupRows } = as;
      const compression = codec === "none" ? "uncompressed" : codec;
      const rows = rowGroupRows === undefined ? {} : { rowGroupSize: rowGroupRows };
      return lazy.sinkParquet(path, { compression, ...rows, ...as.engine });
    }
    case "arrow": {
      const { codec = "none" } = as;
      const compression = (codec === "none" ? "uncompressed" : codec) as "zstd";
      // the layout of text that every reader knows
      return lazy.sinkIpc(path, { compression, compatLevel: "oldest", ...as.engine });
    }
  }
}

function csvOptions(as: WriteFormats["csv"]): Parameters<LazyDataFrame["sinkCSV"]>[1] & object {
  const { delimiter = ",", header = true, quote = '"', newline = "lf", decimal } = as;
  return {
    separator: delimiter,
    includeHeader: header,
    quoteChar: quote as string,
    lineTerminator: newline === "crlf" || newline === "\r\n" ? "\r\n" : "\n",
    decimalComma: decimal === ",",
    ...(as.nullValue === undefined ? {} : { nullValue: as.nullValue }),
    ...(as.floatDigits === undefined ? {} : { floatPrecision: as.floatDigits }),
    ...(as.floatScientific === undefined ? {} : { floatScientific: as.floatScientific }),
  };
}
