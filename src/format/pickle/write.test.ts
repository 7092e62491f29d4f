import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { canonical } from "../../../tests/pickle-canonical.ts";
import { PickledArray, PickledDecimal, PickledFrame, PickledTimestamp } from "../index.ts";
import { pickleOf } from "./read.ts";
import { type PickleProtocol, pickleBytes } from "./write.ts";

const fixtures = new URL("../../../tests/fixtures/pickles/", import.meta.url);
const files = readdirSync(fixtures).filter((name) => name.endsWith(".jsonl"));
const protocols = [2, 3, 4, 5] as const;

const again = (value: unknown, protocol?: PickleProtocol) => pickleOf(pickleBytes(value, { protocol }));

describe("what was read is written and read again as the same", () => {
  test.each(files)("%s", (file) => {
    const lines = readFileSync(new URL(file, fixtures), "utf8").trim().split("\n");
    for (const line of lines) {
      const { name, pickles } = JSON.parse(line) as { name: string; pickles: Record<string, string> };
      const value = pickleOf(Buffer.from(Object.values(pickles).at(-1) ?? "", "base64"));
      for (const protocol of file.startsWith("pandas") ? ([4] as const) : ([2, 4] as const))
        expect({ name, protocol, value: canonical(again(value, protocol)) }).toEqual({
          name,
          protocol,
          value: withZonesByName(canonical(value)),
        });
    }
  });
});

/** Of a time in a zone of pytz the zone is written, not the offset that pytz had found for it. */
function withZonesByName(form: unknown): unknown {
  if (Array.isArray(form)) {
    const isZone = form.length === 2 && typeof form[0] === "string" && form[0].includes("/");
    return isZone ? [form[0], null] : form.map(withZonesByName);
  }
  if (typeof form !== "object" || form === null || "timestamp" in form) return form;
  return Object.fromEntries(Object.entries(form).map(([key, each]) => [key, withZonesByName(each)]));
}

describe.each(protocols)("in protocol %i", (protocol) => {
  test("plain values of JavaScript are Python's", () => {
    const value = {
      a: [1, -1, 2 ** 40, 1.5, -0, 1e300, Number.NaN, 2n ** 80n, -(2n ** 63n)],
      b: [true, null, "ü\ud800"],
      c: new Map([[1, "x"]]),
    };
    expect(again(value, protocol)).toEqual({ ...value });
  });

  test("bytes, sets and frozen arrays stay what they are", () => {
    const set = Object.freeze(new Set(["x"]));
    const [bytes, list, tuple, frozen] = again(
      [Uint8Array.of(0, 255), [1], Object.freeze([1]), set],
      protocol,
    ) as object[];
    expect(bytes).toEqual(Uint8Array.of(0, 255));
    expect([list, tuple, frozen].map((each) => Object.isFrozen(each))).toEqual([false, true, true]);
  });

  test("what is shared is one, and what holds itself does so again", () => {
    const shared = { x: 1 };
    const ring: unknown[] = [shared, shared];
    ring.push(ring);
    const read = again(ring, protocol) as unknown[];
    expect(read[0]).toBe(read[1]);
    expect(read[2]).toBe(read);
  });

  test("a value lies as deep as it does, without a stack that overflows", () => {
    let value: unknown = [];
    for (let depth = 0; depth < 20_000; depth++) value = depth % 2 === 0 ? [value] : { a: value };
    const bytes = pickleBytes(value, { protocol });
    expect(() => pickleOf(bytes)).toThrow(/maxDepth|1000 deep/);
    let inside = pickleOf(bytes, { limits: { maxDepth: 30_000 } }) as { a: unknown } | unknown[];
    for (let depth = 19_999; depth >= 0; depth--) inside = (Array.isArray(inside) ? inside[0] : inside.a) as never;
    expect(inside).toEqual([]);
  });

  test("typed arrays are numpy's, a Date is a datetime in UTC", () => {
    const [floats, ints, date] = again(
      [Float64Array.of(1, 2), BigInt64Array.of(5n), new Date(1234567890123)],
      protocol,
    ) as object[];
    expect(floats).toEqual(new PickledArray("float64", [2], Float64Array.of(1, 2)));
    expect(ints).toEqual(new PickledArray("int64", [1], BigInt64Array.of(5n)));
    expect(String(date)).toBe("2009-02-13T23:31:30.123000+00:00");
  });
});

test("a frame that was made here is one again", () => {
  const frame = new PickledFrame({
    columns: [
      { kind: "number", name: "b", dtype: "float64", values: Float64Array.of(1.5, Number.NaN) },
      { kind: "bigint", name: "2020", dtype: "Int64", values: BigInt64Array.of(1n, 0n), valid: Uint8Array.of(1, 0) },
      { kind: "string", name: "a", dtype: "str", values: ["x", null] },
      { kind: "string", name: "none", dtype: "str", values: [null, null] },
      {
        kind: "time",
        name: "t",
        dtype: "datetime64[us, +02:00]",
        values: BigInt64Array.of(1n, -(2n ** 63n)),
        unit: "us",
        timeZone: "+02:00",
      },
      { kind: "object", name: "o", dtype: "object", values: [[1], new PickledTimestamp(5n, "UTC")] },
    ],
  });
  expect(again(frame)).toEqual(frame);
  expect(frame.rows).toBe(2);
});

describe("what Python has no equal of", () => {
  class Own {}
  const loop: unknown[] = [];
  test.each<[string, unknown, string]>([
    ["a function", () => 1, "a function cannot be pickled"],
    ["a symbol", Symbol("x"), "a symbol cannot be pickled"],
    ["undefined", [undefined], "undefined cannot be pickled"],
    ["a promise", Promise.resolve(1), "a promise cannot be pickled: await it"],
    [
      "an object of a class",
      new Own(),
      "a Own cannot be pickled: make it a plain object, a Map or another plain value",
    ],
    ["an invalid date", new Date(Number.NaN), "an invalid date cannot be pickled"],
    ["a frame that holds itself", selfish(), "a pandas.DataFrame that holds itself cannot be pickled"],
  ])("%s is a TypeError", (_, value, message) => {
    loop.push(value);
    expect(() => pickleBytes(value)).toThrow(new TypeError(message));
  });

  test("a property that is undefined is not there", () => {
    expect(again({ a: undefined, b: 1 })).toEqual({ b: 1 });
  });

  test("a protocol that is none is a RangeError", () => {
    expect(() => pickleBytes(1, { protocol: 1 as never })).toThrow(RangeError);
  });

  test("columns of different lengths are a RangeError, text that is no number a TypeError", () => {
    const short = { kind: "object", name: "b", dtype: "object", values: [] } as const;
    expect(() => new PickledFrame({ columns: [{ ...short, values: [1] }, short] })).toThrow(RangeError);
    expect(() => new PickledDecimal("1,5")).toThrow(TypeError);
  });
});

function selfish(): PickledFrame {
  const values: unknown[] = [];
  const frame = new PickledFrame({ columns: [{ kind: "object", name: "o", dtype: "object", values: [values] }] });
  values.push(frame);
  return frame;
}

test("arguments are left as they were", () => {
  const value = { list: [1, { a: 2 }], at: new Date(0) };
  const before = structuredClone(value);
  pickleBytes(value);
  expect(value).toEqual(before);
});
