import { tableFromArrays, tableFromIPC, tableToIPC } from "@uwdata/flechette";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distinct } from "./distinct.fixture.ts";
import { fingerprint } from "./fingerprint.ts";
import { fingerprintSymbol } from "./kind-of-object.ts";

const cyclic = (): unknown => {
  const value: Record<string, unknown> = { name: "a" };
  value["self"] = value;
  return value;
};

describe("a fingerprint", () => {
  test("is 64 hexadecimal digits and stays what it is, since stores of results keep it", () => {
    expect(fingerprint({ a: [1, "x", null], b: new Date(0) })).toMatchInlineSnapshot(
      `"5bf07d33e0350654fe3b4455f150c3e2a6eaee85cc502f52d58de591cc8f7df5"`,
    );
  });

  test("differs for each two of the values that other fingerprints mix up", () => {
    const values = distinct();
    const seen = new Map<string, number>();
    for (const [place, value] of values.entries()) {
      const print = fingerprint(value);
      expect([seen.get(print), place]).toEqual([undefined, place]);
      seen.set(print, place);
    }
  });

  test("is the same for the same value made again", () => {
    expect(distinct().map((value) => fingerprint(value))).toEqual(distinct().map((value) => fingerprint(value)));
    expect(fingerprint(cyclic())).toBe(fingerprint(cyclic()));
  });

  test("does not see the order of an object's names, and sees that of a Map and a Set", () => {
    expect(fingerprint({ a: 1, b: { c: 2, d: 3 } })).toBe(fingerprint({ b: { d: 3, c: 2 }, a: 1 }));
    expect(
      fingerprint(
        new Map([
          ["a", 1],
          ["b", 2],
        ]),
      ),
    ).not.toBe(
      fingerprint(
        new Map([
          ["b", 2],
          ["a", 1],
        ]),
      ),
    );
    expect(fingerprint(new Set([1, 2]))).not.toBe(fingerprint(new Set([2, 1])));
  });

  test("of a value that says itself what it is, is that of what it says", () => {
    const client = (region: string) => ({ socket: () => undefined, [fingerprintSymbol]: () => ({ region }) });
    expect(fingerprint({ client: client("a") })).toBe(fingerprint({ client: client("a") }));
    expect(fingerprint({ client: client("a") })).not.toBe(fingerprint({ client: client("b") }));
    expect(fingerprint(client("a"))).not.toBe(fingerprint({ region: "a" }));
  });

  test("of an Arrow table follows from its names, types and values", () => {
    const table = (values: number[], name = "x") => tableFromArrays({ [name]: values, y: ["a", "b"] });
    const prints = [table([1, 2]), table([1, 3]), table([1, 2], "z"), table([1.5, 2])].map((each) => fingerprint(each));
    expect(new Set(prints).size).toBe(4);
    expect(fingerprint(table([1, 2]))).toBe(prints[0]);
    const bytes = tableToIPC(table([1, 2]), {}) ?? new Uint8Array();
    expect(fingerprint(tableFromIPC(bytes))).toBe(fingerprint(tableFromIPC(bytes)));
    expect(fingerprint(tableFromIPC(bytes, { useBigInt: true }))).toBe(
      fingerprint(tableFromIPC(bytes, { useBigInt: true })),
    );
  });
});

describe("what is no data is refused, with its path", () => {
  class Client {}
  test.each<[string, unknown, string]>([
    ["an instance", { rows: [{ client: new Client() }] }, "the value.rows[0].client is an instance of Client"],
    ["a function", { "a b": [() => 1] }, 'the value["a b"][0] is a function'],
    ["a named function", [function send() {}], 'the value[0] is the function "send"'],
    ["a symbol", new Map([["k", Symbol("s")]]), 'the value.get("k") is a symbol'],
    ["a promise", { later: Promise.resolve(1) }, "the value.later is a promise"],
    ["an array of a class", class extends Array {}.from([1]), "the value is an"],
    ["a Map with names", Object.assign(new Map(), { a: 1 }), "the value is an instance of Map with names of its own"],
    ["a WeakMap", new WeakMap(), "the value is an instance of WeakMap"],
    ["an error", new Set([new RangeError("x")]), "the value.values() is an instance of RangeError"],
    ["a value under a symbol", { [Symbol("hidden")]: 1 }, "the value is a value under Symbol(hidden)"],
    ["a boxed number", Object(1), "the value is an instance of Number"],
  ])("%s", (_, value, message) => {
    expect(() => fingerprint(value)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining(message) }),
    );
  });

  test("what is nested deeper than any data", () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 2_000; depth += 1) value = [value];
    expect(() => fingerprint(value)).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
  });
});

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

test("equal fingerprints are of equal values, in 20,000 generated pairs", () => {
  fc.assert(
    fc.property(anything, anything, (a, b) => {
      if (fingerprint(a) === fingerprint(b)) expect(a).toStrictEqual(b);
    }),
    { numRuns: 20_000 },
  );
});
