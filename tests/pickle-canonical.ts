/** What `readPickle` gives, as JSON that says all of it: the same form that interop/pickles/canonical.py has for Python's values. */
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
} from "../src/format/index.ts";

export function canonical(value: unknown, above: readonly unknown[] = []): unknown {
  const depth = above.indexOf(value);
  if (depth >= 0 && typeof value === "object" && value !== null) return { up: above.length - depth };
  const path = [...above, value];
  const below = (each: unknown) => canonical(each, path);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint") return { n: String(value) };
  if (typeof value === "number") return ofNumber(value);
  if (typeof value === "string") return { s: value };
  if (value instanceof Uint8Array) return { b: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return Object.isFrozen(value) ? { tuple: value.map(below) } : value.map(below);
  if (value instanceof Set) return { [Object.isFrozen(value) ? "frozenset" : "set"]: [...value].map(below) };
  if (value instanceof Map) return { map: [...value].map(([key, each]) => [below(key), below(each)]) };
  if (value instanceof PickledComplex) return { complex: [ofNumber(value.re), ofNumber(value.im)] };
  if (value instanceof PickledDecimal) return { decimal: value.text };
  if (value instanceof PickledUuid) return { uuid: value.text };
  if (value instanceof PickledDuration) return { duration: String(value.nanoseconds) };
  if (value instanceof PickledTimestamp) return { timestamp: [String(value.nanoseconds), value.timeZone ?? null] };
  if (value instanceof PickledTimeZone) return { zone: ofZone(value) };
  if (value instanceof PickledDate) return { date: String(value) };
  if (value instanceof PickledTime) return { time: ofTime(value) };
  if (value instanceof PickledDateTime) {
    const [time, ...rest] = ofTime(value.time);
    return { datetime: [`${value.date}T${time}`, ...rest] };
  }
  if (value instanceof PickledArray) {
    const isNumeric = !Array.isArray(value.values);
    const values = Array.from(value.values as unknown[], (each) => (isNumeric ? canonical(each) : below(each)));
    return { array: [value.dtype, [...value.shape], values] };
  }
  if (value instanceof PickledFrame) {
    const frame = value.columns.map((column) => ofColumn(column, below));
    return { frame, index: ofIndex(value.index, below), levels: value.columnLevels.map(below) };
  }
  if (value instanceof PickledSeries)
    return { series: ofColumn(value.column, below), index: ofIndex(value.index, below) };
  if (value instanceof PickledLabels) return { labels: ofIndex(value.index, below) };
  if (typeof value === "object" && Object.getPrototypeOf(value) === null)
    return { dict: Object.entries(value).map(([key, each]) => [below(key), below(each)]) };
  throw new TypeError(`no canonical form of ${Object.prototype.toString.call(value)} ${String(value)}`);
}

function ofNumber(value: number): unknown {
  if (Number.isNaN(value)) return { n: "nan" };
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { n: String(value) };
  const view = Buffer.alloc(8);
  view.writeDoubleBE(value);
  return { f: view.toString("hex") };
}

function ofZone(zone: PickledTimeZone | undefined): unknown {
  return zone === undefined ? null : [zone.name ?? null, zone.offsetSeconds ?? null];
}

function ofTime({ hour, minute, second, microsecond, fold, timeZone }: PickledTime): unknown[] {
  return [String(new PickledTime({ hour, minute, second, microsecond })), fold, ofZone(timeZone)];
}

type Below = (value: unknown) => unknown;

function ofColumn(column: PickledColumn, below: Below): unknown {
  const { name, dtype } = column;
  const found = {
    name: below(name),
    dtype,
    values: Array.from({ length: column.values.length }, (_, at) => below(pickledValueAt(column, at))),
  };
  if (column.kind !== "category") return found;
  const { categories, ordered } = column;
  return {
    ...found,
    categories: Array.from({ length: categories.values.length }, (_, at) => below(pickledValueAt(categories, at))),
    ordered,
  };
}

function ofIndex(index: PickledIndex, below: Below): unknown {
  if (index.kind === "columns") return { columns: index.columns.map((column) => ofColumn(column, below)) };
  return { range: [index.start, index.stop, index.step], name: below(index.name) };
}
