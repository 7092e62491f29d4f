import { expect, test } from "vitest";
import {
  PickledDate,
  PickledDateTime,
  PickledDecimal,
  PickledDuration,
  PickledTime,
  PickledTimestamp,
  PickledTimeZone,
  PickledUuid,
} from "../../format/index.ts";
import { kindName } from "../values/kind.ts";
import { decimalParts, kindOfObjects } from "./object-kind.ts";

const dict = (entries: object) => Object.assign(Object.create(null), entries);
const at = (zone?: PickledTimeZone) =>
  new PickledDateTime(new PickledDate(2020, 1, 2), new PickledTime({ hour: 3, timeZone: zone }));
const vienna = new PickledTimeZone("Europe/Vienna", 3600);

test.each<[string, unknown[], string]>([
  ["nothing", [null, null], "null"],
  ["texts among gaps", ["a", null, Number.NaN], "string"],
  ["whole numbers", [1, -2, 2n ** 62n], "int64"],
  ["whole numbers beyond 63 bits", [1, 2n ** 63n], "uint64"],
  ["a fraction among whole numbers", [1, 0.5], "float64"],
  ["not a number among whole ones", [1, Number.NaN], "float64"],
  ["negative zero, which no integer is", [-0], "float64"],
  ["booleans", [true, null], "boolean"],
  ["decimals of several scales", [new PickledDecimal("1.10"), new PickledDecimal("1E+3"), 2], "decimal(38,2)"],
  ["days", [new PickledDate(2020, 1, 2)], "date"],
  ["times of day", [new PickledTime({ hour: 3 })], "time"],
  ["wall clocks", [at(), new PickledDate(2020, 1, 2)], "timestamp(us)"],
  ["one zone", [at(vienna), at(vienna)], "timestamp(us, Europe/Vienna)"],
  ["two zones", [at(vienna), at(new PickledTimeZone("UTC", 0))], "timestamp(us, UTC)"],
  ["an offset", [at(new PickledTimeZone(undefined, 7200))], "timestamp(us, Etc/GMT-2)"],
  ["pandas' own times", [new PickledTimestamp(1n), at()], "timestamp(ns)"],
  ["durations", [new PickledDuration(1n)], "duration(ns)"],
  ["UUIDs as texts", [new PickledUuid("12345678-1234-1234-1234-123456789abc")], "string"],
  ["bytes", [Uint8Array.of(1)], "bytes"],
  ["lists", [[1], [], [0.5]], "list<float64>"],
  ["dicts", [dict({ a: 1 }), dict({ b: "x" })], "struct<a: int64, b: string>"],
])("a column of objects that holds %s has their kind", (_, values, kind) => {
  const found = kindOfObjects(values);
  expect("found" in found ? found.found : kindName(found)).toBe(kind);
});

test.each<[string, unknown[], RegExp]>([
  ["text and numbers", ["a", 1], /several kinds: string and int/],
  ["times with and without a zone", [at(), at(vienna)], /several kinds/],
  ["days among instants", [at(vienna), new PickledDate(2020, 1, 2)], /several kinds/],
  ["integers of more than 64 bits", [2n ** 70n], /64 bits/],
  ["a decimal that is no number", [new PickledDecimal("NaN")], /the decimal NaN/],
  ["a decimal of 39 digits", [new PickledDecimal("1".repeat(39))], /the decimal 1/],
  ["sets", [new Set()], /class Set/],
  ["a dict of other keys", [new Map([[1, 2]])], /keys are no texts/],
  ["a zone of which only the name is known", [at(new PickledTimeZone("Europe/Vienna"))], /only the name/],
])("a column of objects that holds %s is no column", (_, values, message) => {
  const found = kindOfObjects(values);
  expect("found" in found && found.found).toMatch(message);
});

test("values that lie too deep in one another are refused and do not overflow the stack", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(kindOfObjects([deep])).toMatchObject({ found: expect.stringContaining("deep") });
});

test("a decimal is a scaled integer, digit for digit", () => {
  expect(decimalParts("-1.10")).toEqual({ value: -110n, scale: 2 });
  expect(decimalParts("1E+3")).toEqual({ value: 1000n, scale: 0 });
  expect(decimalParts("1E-3")).toEqual({ value: 1n, scale: 3 });
  expect(decimalParts("0E+9")).toEqual({ value: 0n, scale: 0 });
  expect(decimalParts("1E+999999999")).toBeUndefined();
});
