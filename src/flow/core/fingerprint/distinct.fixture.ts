/** Values that are all different, among them those that JSON and other fingerprints take for one another. */
export function distinct(): unknown[] {
  const shared = { a: 1 };
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const twice: unknown[] = [[]];
  (twice[0] as unknown[]).push(twice);
  const bytes = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);
  return [
    ...[0, -0, 1, Number.NaN, Infinity, -Infinity, 5e-324, 2 ** 53],
    ...[
      "",
      "0",
      "1",
      "NaN",
      "null",
      "undefined",
      "true",
      "1970-01-01T00:00:00.000Z",
      "10n",
      "\ud800",
      "\udc00",
      "\ufffd",
    ],
    ...[null, undefined, true, false, 1n, -1n, 10n, 0n, 2n ** 64n, -(2n ** 64n)],
    ...[new Date(0), new Date(1), new Date(Number.NaN), new URL("https://a.test/"), "https://a.test/"],
    ...[
      [],
      [undefined],
      [null],
      new Array(1),
      Object.assign(new Array(3), { 0: 1, 2: 3 }),
      [1, undefined, 3],
      [[], []],
      [[[]]],
      ["a", "b"],
      ["ab"],
      ["", "ab"],
    ],
    ...[Object.freeze([1]), [1], ["1"], Object.assign([1], { columns: ["a"] }), Object.assign([1], { columns: ["b"] })],
    ...[{}, Object.create(null), { a: undefined }, { a: null }, { a: 1 }, { a: "1" }, { b: 1 }, { a: { b: 1 } }],
    ...[JSON.parse('{"__proto__":1}'), { length: 0 }, { 0: 1 }, { a: 1, b: 2 }, [["a", 1]]],
    ...[
      new Map(),
      new Map([["a", 1]]),
      new Map([["a", "1"]]),
      new Map([[1, "a"]]),
      new Map<unknown, unknown>([
        ["a", 1],
        ["b", 2],
      ]),
    ],
    ...[new Map<unknown, unknown>([[{ a: 1 }, 2]]), new Map<unknown, unknown>([["1", "a"]])],
    ...[new Set(), new Set([1]), new Set(["1"]), new Set([1, 2]), new Set([2, 1]), new Set([[1]])],
    ...[/a/, /a/g, /b/, Object.assign(/a/g, { lastIndex: 1 }), "/a/"],
    ...[
      bytes,
      Buffer.from(bytes),
      new Int8Array(bytes),
      new Uint8ClampedArray(bytes),
      bytes.buffer,
      new DataView(bytes.buffer),
    ],
    ...[
      new Int16Array(bytes.buffer),
      new Uint16Array(bytes.buffer),
      new Int32Array(bytes.buffer),
      new Uint32Array(bytes.buffer),
    ],
    ...[
      new Float32Array(bytes.buffer),
      new Float64Array(bytes.buffer),
      new BigInt64Array(bytes.buffer),
      new BigUint64Array(bytes.buffer),
    ],
    ...[new Float64Array([0]), new Float64Array([-0]), new Uint8Array(0), new SharedArrayBuffer(8), new ArrayBuffer(8)],
    ...[Symbol.for("a"), "a", Symbol.for("b"), [shared, shared], [shared, { a: 1 }], cycle, twice],
    ...[{ a: [1, 2] }, { a: [1], b: [2] }, { a: [1], b: 2 }, [{ a: 1 }, { b: 2 }], [{ a: 1, b: 2 }]],
    ...[nested(5, 1), nested(5, 2), nested(6, 1), "x".repeat(20_000), `${"x".repeat(19_999)}y`, "é".repeat(20_000)],
  ];
}

function nested(depth: number, value: unknown): unknown {
  return depth === 0 ? value : { a: nested(depth - 1, value) };
}
