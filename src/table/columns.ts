/** Columns by name, and by name and type; the TypeScript value of each type. */

/** The types that a column can be asked to have, and the value of a cell that `rows` gives. */
export interface TsOf {
  readonly int8: number;
  readonly int16: number;
  readonly int32: number;
  readonly int64: bigint;
  readonly uint8: number;
  readonly uint16: number;
  readonly uint32: number;
  readonly uint64: bigint;
  readonly float32: number;
  readonly float64: number;
  readonly string: string;
  readonly boolean: boolean;
  readonly date: Date;
  /** Microseconds without a zone. */
  readonly timestamp: Date;
  readonly time: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Precision 1 to 38, then scale. */
export type DecimalType = `decimal(${number},${number})`;
export type ColumnType = keyof TsOf | DecimalType;

/** Which columns, in which order; as a record also of which type, which is an error where it would lose something. */
export type ColumnChoice = readonly string[] | Readonly<Record<string, keyof TsOf>>;
