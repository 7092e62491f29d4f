/** A column of a pickled frame as Arrow: the numbers that it has, not turned into values where they need not be. */
import { type Column as ArrowColumn, type Batch, batchType } from "@uwdata/flechette";
import { EntrepotError } from "../../error/index.ts";
import {
  notATime,
  type PickledCategories,
  type PickledColumn,
  type PickledDurations,
  type PickledNumbers,
  type PickledStrings,
  type PickledTimes,
  pickledValueAt,
} from "../../format/index.ts";
import { coded } from "../values/arrow-type.ts";
import { batchOf, bitsOf, columnOfBatch, type Gaps, gapsOf } from "../values/batch.ts";
import type { Kind, TimeUnit } from "../values/kind.ts";
import { batchOfObjects } from "./object-batch.ts";
import { kindOfObjects } from "./object-kind.ts";
import type { From } from "./object-values.ts";
import { longOffsets, utf8Texts } from "./texts.ts";
import { knownZone } from "./zone.ts";

/** Errors: unsupported for objects that are of no one kind, and for times that the unit cannot hold. */
export function arrowColumn(column: PickledColumn, from: From): ArrowColumn<unknown> {
  return columnOfBatch(batchOfColumn(column, from));
}

function batchOfColumn(column: PickledColumn, from: From): Batch<unknown> {
  switch (column.kind) {
    case "object":
      return objects(column.values, from);
    case "string":
      return texts(column, from);
    case "category":
      return categories(column, from);
    case "time":
    case "duration":
      return times(column, from);
    case "boolean": {
      const { values, valid } = column;
      const bits = bitsOf(values.length, (row) => values[row] !== 0);
      return batchOf({ kind: "boolean" }, { length: values.length, values: bits }, gapsIn(valid));
    }
    default: {
      const { values, valid } = column;
      return batchOf(numberKind(values), { length: values.length, values }, gapsIn(valid));
    }
  }
}

function gapsIn(valid: Uint8Array | undefined): Gaps {
  return valid === undefined ? { nullCount: 0 } : gapsOf(valid.length, (row) => valid[row] !== 0);
}

function numberKind(values: PickledNumbers["values"] | BigInt64Array | BigUint64Array): Kind {
  const bits = (8 * values.BYTES_PER_ELEMENT) as 8 | 16 | 32 | 64;
  if (values instanceof Float64Array || values instanceof Float32Array) return { kind: "float", bits: bits as 32 | 64 };
  const signed =
    values instanceof Int8Array ||
    values instanceof Int16Array ||
    values instanceof Int32Array ||
    values instanceof BigInt64Array;
  return { kind: "int", bits, signed };
}

function objects(values: readonly unknown[], from: From): Batch<unknown> {
  const kind = kindOfObjects(values);
  if (!("found" in kind)) return batchOfObjects(kind, values, from);
  const { name, uri } = from;
  throw new EntrepotError("unsupported", `column ${JSON.stringify(name)} of ${uri} holds ${kind.found}`, {
    uri,
    hint: "make it one kind in pandas, or leave it out with { columns }; readPickle gives it as it is",
  });
}

function texts(column: PickledStrings, { name, uri }: From): Batch<unknown> {
  const { utf8 } = column;
  if (utf8 !== undefined) {
    const { length, bytes, valid } = utf8;
    const offsets = longOffsets(utf8.offsets);
    return batchOf({ kind: "string" }, { length, values: bytes, offsets }, gapsIn(valid));
  }
  const { values } = column;
  const { bytes, offsets } = utf8Texts(values, name, uri);
  const gaps = gapsOf(values.length, (row) => values[row] !== null);
  return batchOf({ kind: "string" }, { length: values.length, values: bytes, offsets }, gaps);
}

/** Categories that are no texts are written out: polars has none of them. */
function categories(column: PickledCategories, from: From): Batch<unknown> {
  const { values, categories } = column;
  const isText =
    categories.kind === "string" ||
    (categories.kind === "object" && categories.values.every((each) => typeof each === "string"));
  if (!isText)
    return objects(
      Array.from(values, (_, row) => pickledValueAt(column, row)),
      from,
    );
  const texts = arrowColumn(categories, from);
  const type = coded(texts.type);
  const gaps = gapsOf(values.length, (row) => (values[row] ?? -1) >= 0);
  const codes = gaps.nullCount === 0 ? values : values.map((code) => Math.max(0, code));
  const empty = new Uint8Array(0);
  const Coded = batchType(type);
  const batch = new Coded({ length: values.length, values: codes, type, validity: empty, ...gaps });
  return batch.setDictionary(texts);
}

/** Seconds become milliseconds, which is the coarsest unit of polars. */
function times(column: PickledTimes | PickledDurations, { name, uri }: From): Batch<unknown> {
  const { values, unit } = column;
  const gaps = values.includes(notATime) ? gapsOf(values.length, (row) => values[row] !== notATime) : { nullCount: 0 };
  const scaled =
    unit === "s" ? BigInt64Array.from(values, (value) => (value === notATime ? 0n : value * 1000n)) : values;
  const changed = unit === "s" && values.findIndex((value, row) => value !== notATime && scaled[row] !== value * 1000n);
  if (changed !== false && changed >= 0)
    throw new EntrepotError(
      "unsupported",
      `column ${JSON.stringify(name)} of ${uri} holds times beyond 64 bits of ms`,
      {
        uri,
        hint: "leave it out with { columns }; readPickle gives it as it is",
      },
    );
  const inUnit: TimeUnit = unit === "s" ? "ms" : unit;
  const zone = column.kind === "time" && column.timeZone !== undefined ? knownZone(column.timeZone) : undefined;
  const kind: Kind =
    column.kind === "time" ? { kind: "timestamp", unit: inUnit, zone } : { kind: "duration", unit: inUnit };
  return batchOf(kind, { length: values.length, values: scaled }, gaps);
}
