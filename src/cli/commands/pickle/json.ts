/** A pickle's value as JSON: what JSON has no word for is an object with `python`, the name of its type. */
import {
  PickledArray,
  type PickledColumn,
  PickledComplex,
  PickledDate,
  PickledDateTime,
  PickledDecimal,
  PickledDuration,
  PickledFrame,
  type PickledIndex,
  PickledLabels,
  PickledSeries,
  PickledTime,
  PickledTimestamp,
  PickledTimeZone,
  PickledUuid,
  pickledValueAt,
  RefusedObject,
} from "../../../format/index.ts";
import type { JsonObject, JsonValue } from "../../message.ts";

/** Values in all: what is shared is written at each place, which may be very many. */
const mostValues = 5_000_000;

export function pickleJson(value: unknown): JsonValue {
  return new Encoder().json(value);
}

/** Names of the values that are text. */
const texts: readonly (readonly [new (...args: never[]) => object, string])[] = [
  [PickledDecimal, "decimal.Decimal"],
  [PickledUuid, "uuid.UUID"],
  [PickledDateTime, "datetime.datetime"],
  [PickledDate, "datetime.date"],
  [PickledTime, "datetime.time"],
  [PickledDuration, "datetime.timedelta"],
  [PickledTimeZone, "datetime.tzinfo"],
  [PickledTimestamp, "pandas.Timestamp"],
  [PickledComplex, "complex"],
];

/** JSON knows neither infinities nor a negative zero. */
function floatJson(value: number): JsonValue {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { python: "float", value: Object.is(value, -0) ? "-0.0" : String(value) };
}

class Encoder {
  #left = mostValues;
  readonly #above: object[] = [];

  json(value: unknown): JsonValue {
    if (--this.#left < 0) return { python: "…", cut: true };
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "bigint") return { python: "int", value: String(value) };
    if (typeof value === "number") return floatJson(value);
    if (typeof value !== "object") return { python: typeof value };
    const up = this.#above.lastIndexOf(value);
    if (up >= 0) return { python: "…", up: this.#above.length - up };
    this.#above.push(value);
    const encoded = this.#object(value);
    this.#above.pop();
    return encoded;
  }

  #object(value: object): JsonValue {
    if (value instanceof Uint8Array) return { python: "bytes", base64: Buffer.from(value).toString("base64") };
    if (Array.isArray(value)) {
      const items = value.map((item) => this.json(item));
      return Object.isFrozen(value) ? { python: "tuple", items } : items;
    }
    if (value instanceof Set)
      return { python: Object.isFrozen(value) ? "frozenset" : "set", items: [...value].map((item) => this.json(item)) };
    if (value instanceof Map)
      return { python: "dict", entries: [...value].map(([key, each]) => [this.json(key), this.json(each)]) };
    const text = texts.find(([Type]) => value instanceof Type);
    if (text !== undefined) return { python: text[1], value: String(value) };
    if (value instanceof RefusedObject) return this.#refused(value);
    if (value instanceof PickledArray) {
      const values = Array.from(value.values as readonly unknown[], (each) => this.json(each));
      return { python: "numpy.ndarray", dtype: value.dtype, shape: value.shape, values };
    }
    if (value instanceof PickledFrame) {
      const columns = value.columns.map((column) => this.#column(column));
      return { python: "pandas.DataFrame", rows: value.rows, columns, index: this.#index(value.index) };
    }
    if (value instanceof PickledSeries)
      return { python: "pandas.Series", ...this.#column(value.column), index: this.#index(value.index) };
    if (value instanceof PickledLabels) return { python: "pandas.Index", index: this.#index(value.index) };
    // a dict that has a key of ours is no type of ours
    const entries = Object.entries(value).map(([key, each]) => [key, this.json(each)] as const);
    return "python" in value ? { python: "dict", entries } : Object.fromEntries(entries);
  }

  #refused({ instance }: RefusedObject): JsonObject {
    const { name, args, state, items, entries } = instance;
    return {
      python: name,
      refused: true,
      args: args.map((arg) => this.json(arg)),
      state: state === undefined ? null : this.json(state),
      ...(items.length === 0 ? {} : { items: items.map((item) => this.json(item)) }),
      ...(entries.size === 0 ? {} : { entries: [...entries].map(([key, each]) => [this.json(key), this.json(each)]) }),
    };
  }

  #column(column: PickledColumn): JsonObject {
    const values = Array.from({ length: column.values.length }, (_, at) => this.json(pickledValueAt(column, at)));
    return { name: this.json(column.name), dtype: column.dtype, values };
  }

  #index(index: PickledIndex): JsonValue {
    if (index.kind === "columns") return index.columns.map((column) => this.#column(column));
    return { name: this.json(index.name), start: index.start, stop: index.stop, step: index.step };
  }
}
