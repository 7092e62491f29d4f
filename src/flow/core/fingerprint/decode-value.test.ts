import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeValue } from "./decode-value.ts";
import { distinct } from "./distinct.fixture.ts";
import { canonicalBytes, fingerprint } from "./fingerprint.ts";

const bytesOf = (value: unknown): Uint8Array => Buffer.concat(canonicalBytes(value, "the value"));
const again = (value: unknown): unknown => decodeValue(bytesOf(value));

test("what was kept is what it was, for all that has a fingerprint", () => {
  for (const value of distinct()) {
    expect(again(value)).toStrictEqual(value);
    expect(fingerprint(again(value))).toBe(fingerprint(value));
  }
});

test("what is larger than one piece is whole, however large and small parts follow each other", () => {
  const part = (size: number) => ({ size, text: "x".repeat(size), bytes: new Uint8Array(size).fill(size) });
  const value = [part(10), part(70_000), part(3), part(40_000), part(40_000), part(200_000), part(1), "end"];
  expect(again(value)).toStrictEqual(value);
  const many = Array.from({ length: 20_000 }, (_, at) => ({ at, name: `row ${at}` }));
  expect(again(many)).toStrictEqual(many);
});

test("names keep their order, and what is frozen stays so", () => {
  expect(Object.keys(again({ b: 1, a: 2 }) as object)).toEqual(["b", "a"]);
  const [tuple, object] = again([Object.freeze([1]), Object.freeze({ a: 1 })]) as readonly object[];
  expect([Object.isFrozen(tuple), Object.isFrozen(object)]).toEqual([true, true]);
});

test("one object in two places is one object in two places again", () => {
  const date = new Date(1);
  const [a, b] = again([date, date, date]) as Date[];
  expect(a).toBe(b);
});

test("a name that would call a setter is a name", () => {
  const value = again(JSON.parse('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(value["admin"]).toBeUndefined();
  expect(Object.keys(value)).toEqual(["__proto__"]);
});

test("values of other packages come back by whoever knows them", () => {
  class Frame {
    readonly bytes: Uint8Array;
    constructor(bytes: Uint8Array) {
      this.bytes = bytes;
    }
  }
  const frame = new Frame(new Uint8Array([1, 2, 3]));
  const kept = canonicalBytes({ frame, twice: frame }, "the value", (value) =>
    value instanceof Frame ? { kind: "frame", bytes: () => value.bytes } : undefined,
  );
  const restored = decodeValue(Buffer.concat(kept), (_, bytes) => new Frame(new Uint8Array(bytes))) as Record<
    string,
    Frame
  >;
  expect(restored).toEqual({ frame, twice: frame });
  expect(restored["frame"]).toBe(restored["twice"]);
  expect(() => decodeValue(Buffer.concat(kept))).toThrow(expect.objectContaining({ code: "unsupported" }));
});

test("bytes that were cut or changed are malformed or another value, and nothing worse", () => {
  const bytes = bytesOf(distinct());
  for (let at = 0; at < bytes.length; at += 97) {
    const { code } = failure(() => decodeValue(bytes.subarray(0, at)));
    expect(code).toBe("malformed");
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (junk) => {
      expect(["malformed", "unsupported", "none"]).toContain(failure(() => decodeValue(junk)).code);
    }),
    { numRuns: 500 },
  );
});

function failure(run: () => unknown): { readonly code: string | undefined } {
  try {
    run();
    return { code: "none" };
  } catch (error) {
    return error as { readonly code: string | undefined };
  }
}
