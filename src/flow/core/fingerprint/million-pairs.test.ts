/** The promise of fingerprints in full: no two of a million generated pairs of different values have the same one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprint } from "./fingerprint.ts";

const small = fc.anything({
  ...{ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true },
  ...{ withSparseArray: true, withTypedArray: true, withUnicodeString: true, maxDepth: 2, maxKeys: 3 },
});
/** Values that are easily taken for one another, alone and within others. */
const alike = fc.constantFrom<unknown>(
  ...[0, -0, 1, "1", true, 1n, "1n", null, undefined, "null", Number.NaN, "NaN", "", [], {}, [undefined], [null]],
  ...[
    new Array(1),
    { a: undefined },
    { a: null },
    new Map(),
    new Set(),
    new Date(0),
    "1970-01-01T00:00:00.000Z",
    /a/,
    "/a/",
  ],
  ...[new Uint8Array(1), new Int8Array(1), Buffer.alloc(1), new Float32Array(1), new Float64Array([-0])],
);
const either = fc.oneof(
  small,
  alike,
  fc.array(alike, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("a", "b"), alike),
);

test("0 collisions in 1,000,000 generated pairs", { timeout: 1_200_000 }, () => {
  fc.assert(
    fc.property(either, either, (a, b) => {
      if (fingerprint(a) === fingerprint(b)) expect(a).toStrictEqual(b);
    }),
    { numRuns: 1_000_000, seed: 20_261_123 },
  );
});
