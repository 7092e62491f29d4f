/** A frame as the pickle of a pandas DataFrame whose rows are counted; `pd.read_pickle` gives the same values. */
import {
  type NumberArray,
  notATime,
  type PickledColumn,
  PickledFrame,
  type PickledStrings,
} from "../../format/index.ts";
import type { DataFrame } from "../engine.ts";
import { type ArrowColumn, arrowTable, kindOf } from "../values/arrow.ts";
import { beyond64Bits } from "../values/columns-of.ts";
import { type Kind, kindName } from "../values/kind.ts";
import { flagsOf, numbersOf, utf8Of, validOf } from "../values/raw-column.ts";
import type { From } from "./object-values.ts";
import { pythonValue, unfit } from "./python-values.ts";

/** How a column of texts is made of bytes. */
export type TextColumn = (name: unknown, dtype: string, texts: NonNullable<PickledStrings["utf8"]>) => PickledStrings;

/** Missing values are pandas' `NA`, NaN stays NaN. Error: unsupported for what Python has no equal of. */
export function pickledFrame(frame: DataFrame, textColumn: TextColumn, uri: string): PickledFrame {
  const table = tableOf(frame);
  const columns = table.schema.fields.map(({ name, type }, index) =>
    pickledColumn(table.getChildAt(index) as ArrowColumn<unknown>, kindOf(type), textColumn, { name, uri }),
  );
  const index = { kind: "range", name: null, start: 0, stop: frame.height, step: 1 } as const;
  return new PickledFrame({ columns, index });
}

function tableOf(frame: DataFrame) {
  try {
    return arrowTable(frame.writeIPC());
  } catch (error) {
    throw beyond64Bits(error);
  }
}

function pickledColumn(column: ArrowColumn<unknown>, kind: Kind, textColumn: TextColumn, from: From): PickledColumn {
  const { name } = from;
  switch (kind.kind) {
    case "int":
    case "float":
      return numbers(column, kind, name);
    case "boolean": {
      const valid = validOf(column);
      return { kind: "boolean", name, dtype: valid === undefined ? "bool" : "boolean", values: flagsOf(column), valid };
    }
    case "string":
      return textColumn(name, "str", utf8Of(column));
    case "category":
      return categories(column, textColumn, from);
    case "timestamp": {
      const { unit, zone } = kind;
      const dtype = zone === undefined ? `datetime64[${unit}]` : `datetime64[${unit}, ${zone}]`;
      return { kind: "time", name, dtype, unit, timeZone: zone, values: withGaps(column, kind, from) };
    }
    case "duration": {
      const { unit } = kind;
      return { kind: "duration", name, dtype: `timedelta64[${unit}]`, unit, values: withGaps(column, kind, from) };
    }
    default: {
      const python = pythonValue(kind, from);
      const values = Array.from({ length: column.length }, (_, row) => {
        const value = column.at(row);
        return value === null || value === undefined ? null : python(value);
      });
      return { kind: "object", name, dtype: "object", values };
    }
  }
}

function numbers(
  column: ArrowColumn<unknown>,
  kind: Extract<Kind, { kind: "int" | "float" }>,
  name: string,
): PickledColumn {
  const valid = validOf(column);
  const plain = kindName(kind);
  const dtype = valid === undefined ? plain : plain.replace(/^u?[a-z]/, (first) => first.toUpperCase());
  if (kind.kind === "int" && kind.bits === 64) {
    const values = numbersOf(column, kind.signed ? new BigInt64Array() : new BigUint64Array());
    return { kind: "bigint", name, dtype, values, valid };
  }
  if (kind.kind === "float" && kind.bits === 16) {
    const values = Float32Array.from({ length: column.length }, (_, row) => Number(column.at(row) ?? 0));
    return { kind: "number", name, dtype, values, valid };
  }
  return { kind: "number", name, dtype, values: numbersOf(column, emptyOf(kind)), valid };
}

function emptyOf(kind: Extract<Kind, { kind: "int" | "float" }>): NumberArray {
  if (kind.kind === "float") return kind.bits === 32 ? new Float32Array() : new Float64Array();
  const { bits, signed } = kind;
  if (signed) return bits === 8 ? new Int8Array() : bits === 16 ? new Int16Array() : new Int32Array();
  return bits === 8 ? new Uint8Array() : bits === 16 ? new Uint16Array() : new Uint32Array();
}

/** Units of time, with pandas' own number for what is missing. */
function withGaps(column: ArrowColumn<unknown>, kind: Kind, from: From): BigInt64Array {
  const values = numbersOf(column, new BigInt64Array());
  const valid = validOf(column);
  const isAmbiguous = (value: bigint, row: number) => value === notATime && valid?.[row] !== 0;
  if (values.includes(notATime) && values.some(isAmbiguous)) throw unfit(`the least ${kindName(kind)}`, from);
  return valid === undefined ? values : values.map((value, row) => (valid[row] === 0 ? notATime : value));
}

/** The same dictionary may come with each batch, or another one: positions are counted anew in the texts that there are. */
function categories(column: ArrowColumn<unknown>, textColumn: TextColumn, { name }: From): PickledColumn {
  const positions = new Map<string, number>();
  const values = new Int32Array(column.length).fill(-1);
  let first = 0;
  for (const batch of column.data) {
    const { dictionary, values: codes } = batch as typeof batch & { readonly dictionary: ArrowColumn<unknown> };
    const texts = Array.from({ length: dictionary.length }, (_, code) => String(dictionary.at(code)));
    const places = texts.map((text) => {
      const place = positions.get(text) ?? positions.size;
      positions.set(text, place);
      return place;
    });
    for (let row = 0; row < batch.length; row += 1)
      if (batch.nullCount === 0 || batch.isValid(row)) values[first + row] = places[Number(codes[row])] ?? -1;
    first += batch.length;
  }
  const texts = [...positions.keys()];
  const bytes = texts.map((text) => Buffer.from(text));
  const offsets = new Float64Array(texts.length + 1);
  for (const [at, each] of bytes.entries()) offsets[at + 1] = (offsets[at] ?? 0) + each.byteLength;
  const categories = textColumn(null, "str", { bytes: Buffer.concat(bytes), offsets, length: texts.length });
  return { kind: "category", name, dtype: "category", values, categories, ordered: false };
}
