/** Arrow's columns as a frame, over the bytes of a stream. */
import { Type, tableFromColumns, tableToIPC } from "@uwdata/flechette";
import type { DataFrame, Polars } from "../engine.ts";
import type { ArrowColumn } from "../values/arrow.ts";
import { batchOf, columnOfBatch } from "../values/batch.ts";

export type NamedArrow = readonly (readonly [name: string, column: ArrowColumn<unknown>])[];

/** Beside columns of nothing but gaps polars must have one with buffers. */
const filler = "\0";

export function frameOfColumns(pl: Polars, columns: NamedArrow): DataFrame {
  const [first] = columns;
  if (first === undefined) return pl.DataFrame({}) as DataFrame;
  const isFilled = columns.some(([, column]) => column.type.typeId !== Type.Null);
  const { length } = first[1];
  const rows = batchOf({ kind: "int", bits: 8, signed: true }, { length, values: new Int8Array(length) });
  const all: NamedArrow = isFilled ? columns : [...columns, [filler, columnOfBatch(rows)]];
  const bytes = tableToIPC(tableFromColumns(all.map(([name, column]) => [name, column])), { format: "stream" });
  const frame = pl.readIPCStream(Buffer.from((bytes as Uint8Array).buffer, bytes?.byteOffset, bytes?.byteLength));
  return isFilled ? frame : (frame.drop(filler) as DataFrame);
}
