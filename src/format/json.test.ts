import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { hostile } from "../../tests/hostile-inputs.ts";
import { bytesOfText, jsonOf, jsonText, type StandardSchema, validated } from "./index.ts";
import { jsonErrorAt } from "./json-position.ts";

describe("jsonOf", () => {
  test("reads what jsonText writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (value, indent) => {
        const text = jsonText(value, { indent });
        expect(jsonOf(bytesOfText(text))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each<[string, number, number, number]>([
    ["", 0, 1, 1],
    ["{", 1, 1, 2],
    ["[1,]", 3, 1, 4],
    ['{"a":1,}', 7, 1, 8],
    ['{"a" 1}', 5, 1, 6],
    ["{a:1}", 1, 1, 2],
    ["[1 2]", 3, 1, 4],
    ["01", 1, 1, 2],
    ["1.", 1, 1, 2],
    ["nul", 0, 1, 1],
    ["NaN", 0, 1, 1],
    ["'a'", 0, 1, 1],
    ['"a', 2, 1, 3],
    ['"a\nb"', 2, 1, 3],
    ['"\\x"', 1, 1, 2],
    ['"\\u12"', 1, 1, 2],
    ["{} x", 3, 1, 4],
    ['{\n  "a": 1\n  "b": 2\n}', 13, 3, 3],
    ["[1]]", 3, 1, 4],
    ["[}", 1, 1, 2],
    ["\u00a0{}", 0, 1, 1],
    ["// c\n{}", 0, 1, 1],
  ])("%j is malformed, and the place is told", (text, offset, line, column) => {
    expect(() => jsonOf(bytesOfText(text), { uri: "s3://b/k" })).toThrow(
      expect.objectContaining({
        code: "malformed",
        uri: "s3://b/k",
        message: expect.stringContaining(`line ${line}, column ${column} (offset ${offset})`),
        hint: expect.any(String),
      }),
    );
  });

  test("the place agrees with JSON.parse on any text", () => {
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      "0.5e3",
      "true",
      "nul",
      " ",
      "\\",
      "\n",
    );
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 9 }).map((parts) => parts.join("")),
        (text) => {
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          expect(jsonErrorAt(text) === undefined).toBe(valid);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("the message does not repeat the text, and bytes that are no text are malformed, too", () => {
    expect(() => jsonOf('{"password": canary}')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("canary") }),
    );
    expect(() => jsonOf(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  test("hostile texts change no prototype and need no stack", () => {
    expect(hostile.json).toContain('{"__proto__":{"x":1}}');
    for (const text of hostile.json.filter((text) => !text.includes("x100000"))) jsonOf(text);
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect(() => jsonOf("[".repeat(100_000))).toThrow(
      expect.objectContaining({ code: "malformed", message: expect.stringContaining("100000") }),
    );
    expect(() => jsonOf(`"${"a".repeat(20_000_000)}`)).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  test("one byte order mark is dropped", () => expect(jsonOf(bytesOfText("\ufeff1"))).toBe(1));

  test("of two keys of one name in one object the last counts, as in JavaScript and Python", () => {
    expect(jsonOf('{ "a": 1, "b": 2, "a": 3 }')).toEqual({ a: 3, b: 2 });
    expect(Object.hasOwn(jsonOf('{ "__proto__": 1, "__proto__": 2 }') as object, "__proto__")).toBe(true);
  });

  test("half of a surrogate pair goes both ways as an escape, and is malformed as bytes", () => {
    for (const half of ["\ud800", "a\udfff", "\udc00\ud800"]) {
      expect(jsonText({ [half]: half })).not.toMatch(/\p{Surrogate}/u);
      expect(jsonOf(bytesOfText(jsonText({ [half]: half })))).toEqual({ [half]: half });
    }
    // what UTF-8 would be, if it had such characters
    expect(() => jsonOf(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toThrow(
      expect.objectContaining({ code: "malformed" }),
    );
  });
});

describe("jsonText", () => {
  test.each<[string, unknown]>([
    ["a promise", Promise.resolve(1)],
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    ["a thenable", { a: { then: () => {} } }],
    ["a function", { a: () => 1 }],
    ["a symbol", { a: Symbol("s") }],
    ["a bigint", { a: 1n }],
    ["a map", { a: new Map() }],
    ["a set", [new Set()]],
    ["a weak map", new WeakMap()],
    ["undefined", undefined],
    ["undefined in an array", [undefined]],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    ["a hole", [1, , 2]],
    ["NaN", { a: Number.NaN }],
    ["an infinity", [Number.NEGATIVE_INFINITY]],
    ["bytes", { a: new Uint8Array(1) }],
    ["a Buffer", { a: Buffer.from("a") }],
    ["a view", new DataView(new ArrayBuffer(1))],
    ["a regular expression", /a/],
    ["an error", new Error("a")],
    ["an invalid date", { a: new Date(Number.NaN) }],
  ])("%s is a TypeError", (_, value) => expect(() => jsonText(value)).toThrow(TypeError));

  test("the property is named", () =>
    expect(() => jsonText({ a: [{ total: 1n }] })).toThrow('a bigint cannot be written as JSON (at "total")'));

  test("a ring is a TypeError", () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(() => jsonText(ring)).toThrow(TypeError);
  });

  test("a date, a toJSON, null and a property that is undefined are what they are in JSON", () => {
    expect(jsonText({ a: undefined, b: new Date(0), c: { toJSON: () => [1] }, d: null, "": 1 })).toBe(
      '{"b":"1970-01-01T00:00:00.000Z","c":[1],"d":null,"":1}',
    );
    expect(jsonText(Object.create(null))).toBe("{}");
  });

  test("an indent is 0 to 10", () => {
    expect(jsonText([1], { indent: 2 })).toBe("[\n  1\n]");
    for (const indent of [-1, 11, 1.5]) expect(() => jsonText([1], { indent })).toThrow(RangeError);
  });
});

describe("validated", () => {
  test("gives what the schema makes of the value", async () => {
    expect(await validated({ a: "1" }, z.object({ a: z.string().transform(Number) }))).toEqual({ a: 1 });
    const asynchronous = z.string().refine(async () => true);
    expect(await validated("x", asynchronous)).toBe("x");
  });

  test("lists the issues with their paths", async () => {
    const schema = z.object({ year: z.number(), parts: z.array(z.object({ name: z.string() })) });
    await expect(validated({ year: "x", parts: [{ name: 1 }] }, schema, { uri: "s3://b/k" })).rejects.toMatchObject({
      code: "malformed",
      uri: "s3://b/k",
      message: expect.stringMatching(/^the value does not fit its schema: year: .+; parts\.0\.name: .+/),
    });
    await expect(validated(Array(30).fill(1), z.array(z.string()))).rejects.toThrow("and 20 more");
  });

  test("takes paths of objects and schemas that are functions", async () => {
    const schema = Object.assign(() => {}, {
      "~standard": {
        version: 1,
        vendor: "own",
        validate: () => ({ issues: [{ message: "no", path: [{ key: "a" }, 0] }] }),
      },
    } as const);
    await expect(validated(1, schema)).rejects.toThrow("a.0: no");
  });

  test.each([
    undefined,
    {},
    { "~standard": {} },
    { "~standard": { version: 1, vendor: "x", validate: () => undefined } },
    { "~standard": { version: 1, vendor: "x", validate: () => ({}) } },
  ])("what is no schema is a TypeError (%#)", async (schema) => {
    await expect(validated(1, schema as StandardSchema)).rejects.toThrow(TypeError);
  });
});
