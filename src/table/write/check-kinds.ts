/** What a format cannot hold is said before anything is written: polars would write something else, or end the process. */
import { EntrepotError } from "../../error/index.ts";
import type { DataFrame, Polars } from "../engine.ts";
import type { TableFormat } from "../formats.ts";
import { leavesOf } from "../rows/leaves.ts";
import { columnsOf } from "../values/columns-of.ts";
import { type Kind, kindName } from "../values/kind.ts";

/** Error: unsupported, naming the column. */
export function checkKinds(pl: Polars, frame: DataFrame, format: TableFormat, uri: string): void {
  if (format === "csv" && frame.width === 0)
    throw new EntrepotError("unsupported", `a table without columns is no CSV: ${uri} could not be read again`, {
      uri,
      hint: "write Parquet or Arrow, or leave it out",
    });
  for (const { name, type } of columnsOf(frame)) {
    if (type.kind === "other" || !holds(format, type)) throw cannot(name, kindName(type), format, uri);
    const isText = format === "jsonl" || format === "json";
    const floats = isText ? leavesOf(pl, { name, type }).filter((leaf) => leaf.type.kind === "float") : [];
    for (const { values, path } of floats) {
      const isAny = frame.select(values.isFinite().not().alias("value")).filter(pl.col("value")).height > 0;
      if (isAny) throw notANumber(path, uri);
    }
  }
}

function holds(format: TableFormat, type: Kind): boolean {
  if (format === "csv") return !["list", "struct", "bytes", "duration"].includes(type.kind);
  if (format !== "jsonl" && format !== "json") return true;
  if (type.kind === "list") return holds(format, type.item);
  if (type.kind === "struct") return type.fields.every((field) => holds(format, field.type));
  return type.kind !== "bytes";
}

function cannot(name: string, kind: string, format: TableFormat, uri: string): EntrepotError {
  return new EntrepotError("unsupported", `column ${JSON.stringify(name)} is ${kind}, which ${format} cannot hold`, {
    uri,
    hint: "write Parquet or Arrow, or turn the column into text first",
  });
}

function notANumber(path: readonly string[], uri: string): EntrepotError {
  return new EntrepotError(
    "unsupported",
    `column ${path.map((name) => JSON.stringify(name)).join(".")} holds NaN or infinity, which JSON cannot hold`,
    {
      uri,
      hint: "frame.fillNan(null) makes missing values of NaN; Parquet, Arrow and CSV hold them all",
    },
  );
}
