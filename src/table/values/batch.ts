/** Buffers of one column, one row after the other, as one of Arrow's batches. */
import { type Column as ArrowColumn, type DataType as ArrowType, Batch, Column } from "@uwdata/flechette";
import { arrowType } from "./arrow-type.ts";
import type { Kind } from "./kind.ts";

export type BatchBuffers = Omit<ConstructorParameters<typeof Batch>[0], "type" | "nullCount" | "validity">;

export function batchOf(kind: Kind, buffers: BatchBuffers, gaps: Gaps = { nullCount: 0 }): Batch<unknown> {
  const { validity = new Uint8Array(0), nullCount } = gaps;
  return new Batch({ ...buffers, type: arrowType(kind), validity, nullCount });
}

export function columnOfBatch(batch: Batch<unknown>): ArrowColumn<unknown> {
  return new Column([batch], batch.type as ArrowType);
}

export interface Gaps {
  readonly nullCount: number;
  /** One bit a row, 1 where there is a value. */
  readonly validity?: Uint8Array | undefined;
}

/** From `isThere` of each row. */
export function gapsOf(length: number, isThere: (row: number) => boolean): Gaps {
  const validity = new Uint8Array((length + 7) >> 3);
  let nullCount = 0;
  for (let row = 0; row < length; row += 1) {
    if (isThere(row)) (validity[row >> 3] as number) |= 1 << (row & 7);
    else nullCount += 1;
  }
  return nullCount === 0 ? { nullCount } : { nullCount, validity };
}

/** One bit a row. */
export function bitsOf(length: number, isSet: (row: number) => boolean): Uint8Array {
  return gapsOf(length, isSet).validity ?? new Uint8Array((length + 7) >> 3).fill(0xff);
}
