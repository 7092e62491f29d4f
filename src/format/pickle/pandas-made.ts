/** Frames that are made by pandas' public constructors, as entrepot writes them: each call becomes what pandas' own pickles hold. */
import { Draft, entryOf, Part } from "./draft.ts";
import { malformed, notSupported } from "./fault.ts";
import { lengthOfIndex, type PickledColumn, PickledFrame, PickledSeries } from "./frame.ts";
import { labelsOf } from "./frame-values.ts";
import type { Allowed, Workshop } from "./names.ts";
import { ArrayDraft, DtypeDraft } from "./numpy-array.ts";
import { columnOf, indexOf } from "./pandas-columns.ts";
import { PandasDraft } from "./pandas-frame.ts";
import { textOf, wholeNumber } from "./plain-classes.ts";
import { PickledDuration, PickledTimestamp, PickledTimeZone } from "./values.ts";

type Call = NonNullable<Allowed["call"]>;

const isRest = (value: unknown) => value !== null && value !== undefined;

/** `DataFrame({name: values}, index)`; names that no dict can have are set afterwards. */
class MadeFrame extends Draft {
  readonly #columns: readonly (readonly [name: unknown, values: unknown])[];
  readonly #index: unknown;
  readonly #workshop: Workshop;
  #names: unknown;

  constructor(columns: unknown, index: unknown, workshop: Workshop) {
    super();
    const dict = workshop.maps.get(columns as object) ?? columns;
    this.#columns = dict instanceof Map ? [...dict] : Object.entries((dict ?? {}) as object);
    this.#index = index;
    this.#workshop = workshop;
  }

  override setState(state: unknown): void {
    this.#names = entryOf(state, "columns");
  }

  finish(): PickledFrame {
    const { budget } = this.#workshop;
    const names = isRest(this.#names) ? indexOf(this.#names, budget) : undefined;
    if (names !== undefined && lengthOfIndex(names) !== this.#columns.length)
      throw malformed("a frame has more or fewer columns than labels");
    const labels = names === undefined ? this.#columns.map(([name]) => name) : labelsOf(names, budget);
    const columns = this.#columns.map(
      ([, values], at): PickledColumn => columnOf(values, { name: labels[at], row: 0, budget }),
    );
    const index = isRest(this.#index) ? indexOf(this.#index, budget) : undefined;
    const levels = names?.kind === "columns" ? names.columns.map(({ name }) => name) : [names?.name ?? null];
    return new PickledFrame({ columns, index, columnLevels: levels });
  }
}

/** `Series(values, index, dtype, name)`. */
class MadeSeries extends Draft {
  readonly #args: readonly unknown[];
  readonly #workshop: Workshop;

  constructor(args: readonly unknown[], workshop: Workshop) {
    super();
    this.#args = args;
    this.#workshop = workshop;
  }

  finish(): PickledSeries {
    const [values, index, , name = null] = this.#args;
    const { budget } = this.#workshop;
    return new PickledSeries(
      columnOf(values, { name, row: 0, budget }),
      isRest(index) ? indexOf(index, budget) : undefined,
    );
  }
}

const frame: Call = ([columns, index], workshop) => new MadeFrame(columns, index, workshop);
const series: Call = (args, workshop) => new MadeSeries(args, workshop);

function dict(entries: Record<string, unknown>): unknown {
  return Object.assign(Object.create(null), entries);
}

const indexMade =
  (type: string, state: (args: readonly unknown[], workshop: Workshop) => Record<string, unknown>): Call =>
  (args, workshop) =>
    new PandasDraft(type, workshop, dict(state(args, workshop)));

/** `DatetimeIndex(values)`, in a zone afterwards. */
const zoned: Call = ([index, zone], workshop) => {
  if (index instanceof PickledTimestamp) return new PickledTimestamp(index.nanoseconds, zoneNamed(zone).toString());
  if (!(index instanceof PandasDraft) || index.type !== "DatetimeIndex") throw malformed("a zone is set of no times");
  const state = { data: entryOf(index.state, "data"), name: entryOf(index.state, "name"), tz: zoneNamed(zone) };
  return new PandasDraft("DatetimeIndex", workshop, dict(state));
};

function zoneNamed(zone: unknown): PickledTimeZone {
  return zone instanceof PickledTimeZone ? zone : new PickledTimeZone(textOf(zone));
}

function objectArray(list: unknown, workshop: Workshop): ArrayDraft {
  if (!Array.isArray(list)) throw malformed("an array is made of no list");
  const array = new ArrayDraft(workshop.budget);
  array.fill([list.length], new DtypeDraft("O8"), false, list);
  return array;
}

/** Texts: of `str` where NaN is the gap, else of `string`. */
function textArray(list: unknown, workshop: Workshop, gap: unknown): Part {
  const array = new Part("StringArray");
  array.setState([objectArray(list, workshop), new Part("StringDtype", ["python", gap])]);
  return array;
}

/** The values of an index of texts. */
function listOf(index: PandasDraft): unknown {
  const data = entryOf(index.state, "data");
  const list = data instanceof Part && Array.isArray(data.state) ? data.state[0] : undefined;
  return list instanceof ArrayDraft ? list.values() : undefined;
}

const array: Call = ([values, dtype], workshop) => {
  if (dtype === "object") return values instanceof ArrayDraft ? values : objectArray(values, workshop);
  if (dtype === "string") return textArray(values instanceof PandasDraft ? listOf(values) : values, workshop, null);
  throw notSupported(`a pandas array of ${String(dtype)} that is made of values`);
};

/** Plain labels, or texts that pandas takes for `str`. */
const index: Call = ([data, , , name = null], workshop) => {
  const isTexts =
    Array.isArray(data) &&
    data.some((each) => typeof each === "string") &&
    data.every((each) => typeof each === "string" || each === null);
  const values = isTexts
    ? textArray(data, workshop, Number.NaN)
    : Array.isArray(data)
      ? objectArray(data, workshop)
      : data;
  return new PandasDraft("Index", workshop, dict({ data: values, name }));
};

/** How texts are written of which some are missing, -1, or all, of which one more says what they are. */
const taken: Call = ([from, places], workshop) => {
  const array = from instanceof PandasDraft ? entryOf(from.state, "data") : undefined;
  const list = array instanceof Part && Array.isArray(array.state) ? array.state[0] : undefined;
  const wanted = places instanceof ArrayDraft ? Array.from(places.values() as BigInt64Array, Number) : places;
  if (!(list instanceof ArrayDraft) || !Array.isArray(wanted)) throw malformed("texts are taken of none");
  const texts = list.values() as readonly unknown[];
  workshop.budget.spend(8 * wanted.length);
  const some = wanted.map((place) => (place === -1 ? null : texts[wholeNumber(place, 0, texts.length - 1)]));
  return new PandasDraft("Index", workshop, dict({ data: textArray(some, workshop, Number.NaN), name: null }));
};

const categorical: Call = ([codes, categories, ordered]) => {
  const dtype = new Part("CategoricalDtype");
  dtype.setState(dict({ categories, ordered }));
  const part = new Part("Categorical");
  part.setState([codes, dtype]);
  return part;
};

/** `IntegerArray(values, mask)`: what its own pickle holds, by name. */
export const masked =
  (type: string): Call =>
  ([values, mask]) => {
    const part = new Part(type);
    if (values !== undefined) part.setState(dict({ _data: values, _mask: mask }));
    return part;
  };

function nanosOf(value: unknown): bigint {
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) throw malformed("a time is no number");
  return BigInt(value as bigint | number);
}

/** Turns rows into columns. */
function levelsOf(tuples: unknown, names: unknown, workshop: Workshop): unknown[] {
  if (!Array.isArray(tuples) || !Array.isArray(names)) throw malformed("an index of several levels has others");
  return names.map((_, level) =>
    objectArray(
      tuples.map((labels: readonly unknown[]) => labels[level]),
      workshop,
    ),
  );
}

/** What a class does when it is called with something; without, it is an object that pandas fills itself. */
export const madeByCall: ReadonlyMap<string, Call> = new Map(
  Object.entries<Call>({
    DataFrame: frame,
    Series: series,
    Index: index,
    RangeIndex: indexMade("RangeIndex", ([start, stop, step, , , name = null]) => ({ start, stop, step, name })),
    DatetimeIndex: indexMade("DatetimeIndex", ([data, freq]) => ({ data, freq, name: null })),
  }),
);

export const madeNames: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ["pandas.array", { call: array }],
  ["pandas.Index.take", { call: taken }],
  ["pandas.DatetimeIndex.tz_localize", { call: zoned }],
  ["pandas.DatetimeIndex.tz_convert", { call: zoned }],
  ["pandas.Categorical.from_codes", { call: categorical }],
  ["pandas.MultiIndex.from_arrays", { call: indexMade("MultiIndex", ([arrays, , names]) => ({ arrays, names })) }],
  [
    "pandas.MultiIndex.from_tuples",
    {
      call: indexMade("MultiIndex", ([tuples, , names], workshop) => ({
        arrays: levelsOf(tuples, names, workshop),
        names,
      })),
    },
  ],
  ["pandas.Timestamp", { call: ([nanos]) => new PickledTimestamp(nanosOf(nanos)) }],
  ["pandas.Timestamp.tz_localize", { call: zoned }],
  ["pandas.Timestamp.tz_convert", { call: zoned }],
  ["pandas.Timedelta", { call: ([nanos]) => new PickledDuration(nanosOf(nanos)) }],
]);
