/**
 * The first byte of each value in its canonical bytes. They are kept in stores of results and part of every fingerprint: a tag never
 * gets another meaning, a new kind of value gets a new tag.
 */
export const tags = {
  undefined: 1,
  null: 2,
  true: 3,
  false: 4,
  number: 5,
  bigint: 6,
  /** UTF-8. */
  text: 7,
  /** UTF-16, for texts with half a surrogate pair, which UTF-8 cannot hold. */
  brokenText: 8,
  symbol: 9,
  array: 10,
  /** An array that holds names beside its elements. */
  namedArray: 11,
  hole: 12,
  object: 13,
  bareObject: 14,
  map: 15,
  set: 16,
  date: 17,
  regExp: 18,
  url: 19,
  buffer: 20,
  sharedBuffer: 21,
  view: 22,
  /** A value that was there before, by its place: cycles end, and what is one object stays one. */
  again: 23,
  /** What an object says of itself. */
  own: 24,
  code: 25,
  /** Tables of other packages, by the bytes that stand for them. */
  foreign: 26,
  arrow: 27,
} as const;

export type Tag = (typeof tags)[keyof typeof tags];

/** Set in the byte after the tag of an array or object that is frozen: a frozen array is a tuple to Python. */
export const frozen = 1;

/** Kinds of views, by their place: added to at the end only. */
export const viewKinds = [
  "Uint8Array",
  "Buffer",
  "Int8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float32Array",
  "Float64Array",
  "DataView",
  "Float16Array",
] as const;
