/** The names of numpy that a pickle may mention: arrays, single values and what they are made of. */
import { PickledArray } from "./array.ts";
import { exactInt } from "./exact-int.ts";
import { malformed } from "./fault.ts";
import type { Allowed, Workshop } from "./names.ts";
import { ArrayDraft, DtypeDraft } from "./numpy-array.ts";
import { bytesOf, textOf } from "./plain-classes.ts";
import { PickledComplex } from "./values.ts";

/** Numpy 2 moved them from `numpy.core` to `numpy._core`. */
const bothCores = (name: string, allowed: Allowed) => [
  [`numpy.core.${name}`, allowed] as const,
  [`numpy._core.${name}`, allowed] as const,
];

export const numpyNames: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ["numpy.ndarray", { call: (_, workshop) => new ArrayDraft(workshop.budget) }],
  ["numpy.array", { call: fixedArray }],
  ["numpy.reshape", { call: reshaped }],
  ["numpy.ndarray.astype", { call: halved }],
  ["numpy.dtype", { call: ([code]) => new DtypeDraft(code) }],
  ...bothCores("multiarray._reconstruct", { call: (_, workshop) => new ArrayDraft(workshop.budget) }),
  ...bothCores("multiarray.scalar", { call: scalar }),
  ...bothCores("numeric._frombuffer", { call: fromBuffer }),
]);

function fromBuffer([data, dtype, shape, order]: readonly unknown[], workshop: Workshop): ArrayDraft {
  const array = new ArrayDraft(workshop.budget);
  array.fill(shape, dtype, order === "F", data);
  return array;
}

/** How entrepot writes texts and bytes of a fixed width. */
function fixedArray([list, code]: readonly unknown[], workshop: Workshop): ArrayDraft {
  if (!Array.isArray(list) || (code !== "U" && code !== "S")) throw malformed("an array is made of something else");
  const isText = code === "U";
  const items = list.map((each) => (isText ? textOf(each) : bytesOf([each], workshop)));
  const array = new ArrayDraft(workshop.budget);
  array.fill([items.length], new DtypeDraft("O8"), false, items);
  array.renamed = isText ? "str" : "bytes";
  return array;
}

function reshaped([array, shape]: readonly unknown[]): ArrayDraft {
  if (!(array instanceof ArrayDraft)) throw malformed("the shape of no array is set");
  array.fill(shape, array.dtype, false, array.data);
  return array;
}

/** How entrepot writes `float16`, which is widened here. */
function halved([array, code]: readonly unknown[]): ArrayDraft {
  if (!(array instanceof ArrayDraft) || code !== "f2") throw malformed("an array is changed to another type");
  array.renamed = "float16";
  return array;
}

/** A number, text or bytes; times stay arrays of one, because of their unit. */
function scalar([dtype, data]: readonly unknown[], workshop: Workshop): unknown {
  if (!(dtype instanceof DtypeDraft)) throw malformed("a numpy value has no dtype");
  if (dtype.kind === "O") return data;
  const array = new ArrayDraft(workshop.budget);
  array.fill([], dtype, false, bytesOf([data], workshop));
  const { values, dtype: name } = array.finish();
  if (dtype.kind === "M" || dtype.kind === "m") return new PickledArray(name, [], values);
  const [value, imaginary] = values;
  if (dtype.kind === "c") return new PickledComplex(value as number, imaginary as number);
  if (dtype.kind === "b") return value !== 0;
  return typeof value === "bigint" ? exactInt(value) : value;
}
