/** The names of pandas 1 to 3 and of Arrow that a pickle may mention. What is not here, such as Period, Interval, Sparse, is refused. */
import { InstanceDraft } from "./class-instance.ts";
import { Part } from "./draft.ts";
import { malformed } from "./fault.ts";
import type { Workshop } from "./names.ts";
import { type Allowed, Global } from "./names.ts";
import { PandasDraft } from "./pandas-frame.ts";
import { madeByCall, madeNames, masked } from "./pandas-made.ts";
import { bytesOf } from "./plain-classes.ts";

/** Where each lies; pandas 3 writes the names that its users know, too. */
const values: Readonly<Record<string, readonly string[]>> = {
  DataFrame: ["pandas.core.frame", "pandas"],
  Series: ["pandas.core.series", "pandas"],
};
const indexes: Readonly<Record<string, readonly string[]>> = {
  Index: ["pandas.core.indexes.base", "pandas"],
  RangeIndex: ["pandas.core.indexes.range", "pandas"],
  Int64Index: ["pandas.core.indexes.numeric", "pandas"],
  UInt64Index: ["pandas.core.indexes.numeric", "pandas"],
  Float64Index: ["pandas.core.indexes.numeric", "pandas"],
  DatetimeIndex: ["pandas.core.indexes.datetimes", "pandas"],
  TimedeltaIndex: ["pandas.core.indexes.timedeltas", "pandas"],
  CategoricalIndex: ["pandas.core.indexes.category", "pandas"],
  MultiIndex: ["pandas.core.indexes.multi", "pandas"],
};
const parts: Readonly<Record<string, readonly string[]>> = {
  BlockManager: ["pandas.core.internals.managers", "pandas.core.internals"],
  SingleBlockManager: ["pandas.core.internals.managers", "pandas.core.internals"],
  IntegerArray: ["pandas.core.arrays.integer", "pandas.arrays"],
  FloatingArray: ["pandas.core.arrays.floating", "pandas.arrays"],
  BooleanArray: ["pandas.core.arrays.boolean", "pandas.arrays"],
  BooleanDtype: ["pandas.core.arrays.boolean", "pandas"],
  StringArray: ["pandas.core.arrays.string_", "pandas.arrays"],
  StringDtype: ["pandas.core.arrays.string_", "pandas"],
  ArrowStringArray: ["pandas.core.arrays.string_arrow", "pandas.arrays"],
  ArrowExtensionArray: ["pandas.core.arrays.arrow.array", "pandas.arrays"],
  ArrowDtype: ["pandas.core.dtypes.dtypes", "pandas.core.arrays.arrow.dtype", "pandas"],
  Categorical: ["pandas.core.arrays.categorical", "pandas"],
  CategoricalDtype: ["pandas.core.dtypes.dtypes", "pandas"],
  DatetimeArray: ["pandas.core.arrays.datetimes", "pandas.arrays"],
  DatetimeTZDtype: ["pandas.core.dtypes.dtypes", "pandas"],
  TimedeltaArray: ["pandas.core.arrays.timedeltas", "pandas.arrays"],
  ...Object.fromEntries(
    ["Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"].map((name) => [
      `${name}Dtype`,
      ["pandas.core.arrays.integer", "pandas"],
    ]),
  ),
  Float32Dtype: ["pandas.core.arrays.floating", "pandas"],
  Float64Dtype: ["pandas.core.arrays.floating", "pandas"],
};
/** Others of the same content. */
const aliases: Readonly<Record<string, string>> = {
  "pandas.core.arrays.string_.StringArrayNumpySemantics": "StringArray",
  "pandas.core.arrays.string_arrow.ArrowStringArrayNumpySemantics": "ArrowStringArray",
};

/** How often rows come, which no column keeps. */
const offsets = [
  "Day",
  "Hour",
  "Minute",
  "Second",
  "Milli",
  "Micro",
  "Nano",
  "MonthEnd",
  "MonthBegin",
  "BusinessDay",
].concat(["YearEnd", "YearBegin", "QuarterEnd", "QuarterBegin", "BMonthEnd", "BusinessMonthEnd", "Week"]);

export const pandasNames: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ...named(values, pandasObject),
  ...named(indexes, pandasObject),
  ...named(parts, (type) => made((args) => new Part(type, args))),
  ...["IntegerArray", "FloatingArray", "BooleanArray"].map(
    (type) => [`pandas.arrays.${type}`, made(masked(type))] as const,
  ),
  ...madeNames,
  ...Object.entries(aliases).map(([name, type]) => [name, made((args) => new Part(type, args))] as const),
  ...["pandas.tseries.offsets", "pandas._libs.tslibs.offsets"].flatMap((module) =>
    offsets.map((name) => [`${module}.${name}`, made((args) => new Part(name, args))] as const),
  ),
  ["pandas._libs.internals._unpickle_block", { call: (args) => new Part("Block", args) }],
  ["pandas._libs.arrays.__pyx_unpickle_NDArrayBacked", { call: backed }],
  ["pandas.core.indexes.base._new_Index", { call: newIndex }],
  ["pandas.core.indexes.datetimes._new_DatetimeIndex", { call: newIndex }],
  ["pandas.core.indexes.timedeltas._new_TimedeltaIndex", { call: newIndex }],
  ["pyarrow.lib._restore_array", { call: (args) => new Part("pyarrow.Array", args) }],
  ["pyarrow.lib.chunked_array", { call: (args) => new Part("pyarrow.ChunkedArray", args) }],
  ["pyarrow.lib.type_for_alias", { call: (args) => new Part("pyarrow.DataType", args) }],
  ["pyarrow.lib.timestamp", { call: ([unit, zone]) => arrowTime("timestamp", unit, zone) }],
  ["pyarrow.lib.duration", { call: ([unit]) => arrowTime("duration", unit, null) }],
  ["pyarrow.lib.py_buffer", { call: ([buffer], workshop) => bytesOf([buffer], workshop) }],
]);

/** Empty, to be filled by its pickle; or made of its arguments. */
function pandasObject(type: string): Allowed {
  const empty = (_: readonly unknown[], workshop: Workshop) => new PandasDraft(type, workshop);
  const byCall = madeByCall.get(type);
  if (byCall === undefined) return { call: empty };
  return {
    call: (args, workshop) => (args.length === 0 ? empty(args, workshop) : byCall(args, workshop)),
    make: empty,
  };
}

function made(make: (args: readonly unknown[], workshop: Workshop) => unknown): Allowed {
  return { call: make };
}

function named(
  table: Readonly<Record<string, readonly string[]>>,
  allow: (type: string) => Allowed,
): (readonly [string, Allowed])[] {
  return Object.entries(table).flatMap(([type, modules]) => {
    const allowed = allow(type);
    return modules.map((module) => [`${module}.${type}`, allowed] as const);
  });
}

/** Its class, a checksum of the class, and its state where it is known at once. */
function backed([cls, , state]: readonly unknown[], workshop: Workshop): unknown {
  const part = workshop.make(cls, []);
  if (!(part instanceof Part || part instanceof InstanceDraft)) throw malformed("an array of pandas is none");
  if (state !== null && state !== undefined) part.setState(state);
  return part;
}

function newIndex([cls, state]: readonly unknown[], workshop: Workshop): unknown {
  if (!(cls instanceof Global)) throw malformed("an index has no class");
  const index = workshop.make(cls, []);
  if (!(index instanceof PandasDraft || index instanceof InstanceDraft)) throw malformed("an index is none");
  index.setState(state);
  return index;
}

function arrowTime(kind: string, unit: unknown, zone: unknown): Part {
  const inside = zone === null || zone === undefined ? String(unit) : `${String(unit)}, tz=${String(zone)}`;
  return new Part("pyarrow.DataType", [`${kind}[${inside}]`]);
}
