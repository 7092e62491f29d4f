/** Values of Python's as one of Arrow's batches. */
import type { Batch } from "@uwdata/flechette";
import { PickledArray, type PickledDate, type PickledDuration, type PickledTime } from "../../format/index.ts";
import { type BatchBuffers, batchOf, bitsOf, gapsOf } from "../values/batch.ts";
import type { Kind } from "../values/kind.ts";
import { dayOf, decimalWords, type From, floatOf, instantOf, integerOf, microsOf } from "./object-values.ts";
import { utf8Texts } from "./texts.ts";

/** Python's values, as `kindOfObjects` says what they are. Errors: unsupported for what does not fit all the same. */
export function batchOfObjects(kind: Kind, objects: readonly unknown[], from: From): Batch<unknown> {
  const isNumber = kind.kind === "float";
  const values = objects.map((value) => (value === undefined || (Number.isNaN(value) && !isNumber) ? null : value));
  const length = values.length;
  const gaps = gapsOf(length, (row) => values[row] !== null);
  const make = (buffers: Omit<BatchBuffers, "length">) => batchOf(kind, { length, ...buffers }, gaps);
  const integers = (of: (value: unknown) => bigint, signed = true) =>
    BigInt64Array.from(values, (value) => (value === null ? 0n : integerOf(of(value), signed, from)));
  switch (kind.kind) {
    case "null":
      return make({});
    case "string": {
      const { bytes, offsets } = utf8Texts(
        values.map((value) => (value === null ? null : String(value))),
        from.name,
        from.uri,
      );
      return make({ values: bytes, offsets });
    }
    case "boolean":
      return make({ values: bitsOf(length, (row) => values[row] === true) });
    case "int":
      return make({ values: integers((value) => BigInt(value as number | bigint), kind.signed) });
    case "float":
      return make({ values: Float64Array.from(values, (value) => floatOf(value, from)) });
    case "decimal":
      return make({ values: decimalWords(values, kind.scale, from) });
    case "date":
      return make({ values: Int32Array.from(values, (value) => (value === null ? 0 : dayOf(value as PickledDate))) });
    case "time":
      return make({ values: integers((value) => 1000n * microsOf(value as PickledTime)) });
    case "timestamp":
      return make({ values: integers((value) => instantOf(value, kind.unit)) });
    case "duration":
      return make({ values: integers((value) => (value as PickledDuration).nanoseconds) });
    case "bytes": {
      const bytes = values as readonly (Uint8Array | null)[];
      return make({ values: Buffer.concat(bytes.filter((each) => each !== null)), offsets: bigOffsets(bytes) });
    }
    case "list": {
      const lists = values.map((value) => (value instanceof PickledArray ? [...value.values] : value));
      const all = lists as readonly (readonly unknown[] | null)[];
      const items = all.flatMap((each) => each ?? []);
      return make({ offsets: smallOffsets(all), children: [batchOfObjects(kind.item, items, from)] });
    }
    case "struct": {
      const children = kind.fields.map(({ name, type }) => {
        const parts = values.map((value) => (value === null ? null : (value as Record<string, unknown>)[name]));
        return batchOfObjects(type, parts, from);
      });
      return make({ children });
    }
    default:
      throw new TypeError(`no column of ${kind.kind}`);
  }
}

type Sized = readonly ({ readonly length: number } | null)[];

function bigOffsets(items: Sized): BigInt64Array {
  const offsets = new BigInt64Array(items.length + 1);
  for (const [index, item] of items.entries()) offsets[index + 1] = (offsets[index] ?? 0n) + BigInt(item?.length ?? 0);
  return offsets;
}

function smallOffsets(items: Sized): Int32Array {
  const offsets = new Int32Array(items.length + 1);
  for (const [index, item] of items.entries()) offsets[index + 1] = (offsets[index] ?? 0) + (item?.length ?? 0);
  return offsets;
}
