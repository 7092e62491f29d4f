/**
 * A frame as JavaScript values, none of them rounded: 64-bit integers as bigint, decimals as text, `null` for what is missing.
 * A value that its JavaScript type cannot hold is an error, never a neighbour.
 */
import { EntrepotError, kindOfValue } from "../../error/index.ts";
import { type DataFrame, engineError } from "../engine.ts";
import { type ArrowColumn, arrowTable, kindOf } from "./arrow.ts";
import { beyond64Bits } from "./columns-of.ts";
import { decimalText, timestampText, timeText } from "./exact-text.ts";
import type { Kind } from "./kind.ts";

export interface ExactOptions {
  /**
   * Timestamps as `Date` (default), as ISO text with all digits of their unit, or as integers: nanoseconds since 1970. A timestamp that
   * a `Date` cannot hold, because of its microseconds or nanoseconds, is unsupported.
   */
  readonly timestamps?: "date" | "text" | "nanoseconds" | undefined;
}

/**
 * The rows of a frame, one after the other. Cells: `number` for floats and integers up to 32 bits, `bigint` for 64 bits and for
 * durations (nanoseconds), text for strings, categories, decimals and times, `Date` for dates and timestamps, `Uint8Array` for bytes,
 * arrays and objects for what is nested, `null` for what is missing. Error: unsupported for what none of these can hold.
 */
export function* rows(
  frame: DataFrame,
  options: ExactOptions = {},
): Generator<Readonly<Record<string, unknown>>, void, undefined> {
  const { columns, height } = readersOf(frame, options);
  for (let row = 0; row < height; row += 1) {
    const record: Record<string, unknown> = {};
    for (const { name, at } of columns) set(record, name, at(row));
    yield record;
  }
}

/** The columns of a frame, each a typed array where it holds numbers and none is missing, else an array. Values as those of `rows`. */
export function columns(frame: DataFrame, options: ExactOptions = {}): Readonly<Record<string, ArrayLike<unknown>>> {
  const { columns, height } = readersOf(frame, options);
  const record: Record<string, ArrayLike<unknown>> = {};
  for (const { name, at, whole } of columns)
    set(record, name, whole?.() ?? Array.from({ length: height }, (_, row) => at(row)));
  return record;
}

/** `__proto__` is a name like any other. */
function set(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true });
  else record[name] = value;
}

function readersOf(frame: DataFrame, options: ExactOptions) {
  checkArguments(frame, options);
  const table = arrowTableOf(frame);
  const columns = table.schema.fields.map(({ name, type }, index) => {
    const kind = kindOf(type);
    const column = table.getChildAt(index) as ArrowColumn<unknown>;
    const exact = exactValue(kind, name, options);
    const isPlain = kind.kind === "int" || kind.kind === "float";
    return {
      name,
      at: (row: number) => {
        const value = column.at(row);
        return value === null || value === undefined ? null : exact(value);
      },
      whole: isPlain && column.nullCount === 0 ? () => column.toArray() as ArrayLike<unknown> : undefined,
    };
  });
  return { columns, height: frame.height };
}

const timestampForms: readonly unknown[] = [undefined, "date", "text", "nanoseconds"];

function checkArguments(frame: unknown, options: ExactOptions): void {
  if (typeof (frame as Partial<DataFrame> | null | undefined)?.writeIPC !== "function")
    throw new TypeError(`rows() and columns() take a polars DataFrame, not ${kindOfValue(frame)}`);
  const unknown = Object.keys(options).find((name) => name !== "timestamps");
  if (unknown !== undefined)
    throw new TypeError(`rows() and columns() have no option ${JSON.stringify(unknown)}: timestamps`);
  if (!timestampForms.includes(options.timestamps))
    throw new TypeError('timestamps of rows() and columns() is "date", "text" or "nanoseconds"');
}

function arrowTableOf(frame: DataFrame) {
  try {
    return arrowTable(arrowBytes(frame));
  } catch (error) {
    throw engineError(beyond64Bits(error), undefined, "looking at the values of the table");
  }
}

function arrowBytes(frame: DataFrame): Uint8Array {
  try {
    return frame.writeIPC();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("Dictionary replacement")) throw error;
    // each part of a column of categories may have a list of its own, and an Arrow file takes one
    return frame.rechunk().writeIPC();
  }
}

type Exact = (value: unknown) => unknown;
const perNs = { ms: 1_000_000n, us: 1_000n, ns: 1n } as const;

/** From what flechette gives for a cell that is there. */
function exactValue(kind: Kind, name: string, options: ExactOptions): Exact {
  switch (kind.kind) {
    case "decimal":
      return (value) => decimalText(BigInt(value as bigint), kind.scale);
    case "date":
      return (value) => dateOf(Number(value), name);
    case "time":
      return (value) => timeText(BigInt(value as bigint));
    case "duration":
      return (value) => BigInt(value as bigint) * perNs[kind.unit];
    case "timestamp":
      return (value) => timestampOf(BigInt(value as bigint), kind, name, options);
    case "bytes":
      return (value) => Uint8Array.from(value as Uint8Array);
    case "list": {
      const item = exactValue(kind.item, name, options);
      return (value) => Array.from(value as Iterable<unknown>, (each) => (each === null ? null : item(each)));
    }
    case "struct": {
      const fields = kind.fields.map((field) => [field.name, exactValue(field.type, name, options)] as const);
      return (value) => {
        const record: Record<string, unknown> = {};
        for (const [field, exact] of fields) {
          const part = (value as Record<string, unknown>)[field];
          set(record, field, part === null || part === undefined ? null : exact(part));
        }
        return record;
      };
    }
    default:
      return (value) => value;
  }
}

function timestampOf(
  value: bigint,
  kind: Extract<Kind, { kind: "timestamp" }>,
  name: string,
  { timestamps = "date" }: ExactOptions,
): unknown {
  const ns = value * perNs[kind.unit];
  if (timestamps === "nanoseconds") return ns;
  if (timestamps === "text") return timestampText(ns, kind);
  if (ns % 1_000_000n === 0n) return dateOf(Number(ns / 1_000_000n), name);
  throw new EntrepotError(
    "unsupported",
    `column ${JSON.stringify(name)} holds ${timestampText(ns, kind)}, finer than the milliseconds of a Date`,
    { hint: '{ timestamps: "text" } or { timestamps: "nanoseconds" } gives all of it' },
  );
}

function dateOf(ms: number, name: string): Date {
  const date = new Date(ms);
  if (!Number.isNaN(date.getTime())) return date;
  throw new EntrepotError("unsupported", `column ${JSON.stringify(name)} holds a day that no Date can hold`, {
    hint: "turn the column into text in the frame",
  });
}
