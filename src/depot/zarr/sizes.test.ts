import { describe, expect, test } from "vitest";
import type { Fields } from "./metadata.ts";
import { asJson, isMetadata, parseMetadata } from "./metadata.ts";
import { arrayOfVersion2 } from "./version-2.ts";
import { arrayOfVersion3 } from "./version-3.ts";

const uri = "memory:///x.zarr/zarr.json";
const two = { shape: [10, 3], chunks: [4, 3], dtype: "<f8", compressor: null, filters: null };
const three = {
  shape: [10, 3],
  data_type: "float64",
  chunk_grid: { name: "regular", configuration: { chunk_shape: [4, 3] } },
  codecs: [{ name: "bytes" }],
};

describe("the bytes of an element of version 2", () => {
  test.each([
    ["<f4", 4],
    ["|b1", 1],
    ["|S10", 10],
    ["<U5", 20],
    ["<M8[ns]", 8],
    ["|V16", 16],
    ["|O", undefined],
    [
      [
        ["x", "<i2"],
        ["y", "<f8", [2, 3]],
      ],
      2 + 48,
    ],
    [
      [
        ["x", "<i2"],
        ["y", "|O"],
      ],
      undefined,
    ],
  ])("%j: %s", (dtype, bytes) => {
    const { sizeBytes } = arrayOfVersion2({ ...two, dtype }, undefined, uri);
    expect(sizeBytes).toBe(bytes === undefined ? undefined : 30 * bytes);
  });
});

describe("the bytes of an element of version 3", () => {
  test.each([
    ["bool", 1],
    ["uint16", 2],
    ["complex128", 16],
    ["r24", 3],
    ["int4", 1],
    ["bfloat16", 2],
    ["float8_e4m3", 1],
    ["string", undefined],
    ["something.new", undefined],
    [{ name: "numpy.datetime64", configuration: { unit: "s" } }, 8],
    [{ name: "fixed_length_utf32", configuration: { length_bytes: 12 } }, 12],
    [
      {
        name: "struct",
        configuration: {
          fields: [
            ["a", "int32"],
            ["b", { name: "r16" }],
          ],
        },
      },
      6,
    ],
  ])("%j: %s", (dataType, bytes) => {
    const { sizeBytes } = arrayOfVersion3({ ...three, data_type: dataType }, uri);
    expect(sizeBytes).toBe(bytes === undefined ? undefined : 30 * bytes);
  });
});

test("an array's last chunks are counted, though they stick out", () => {
  expect(arrayOfVersion2(two, undefined, uri)).toMatchObject({ chunks: 3, shards: undefined });
  expect(arrayOfVersion2({ ...two, shape: [], chunks: [] }, undefined, uri)).toMatchObject({ chunks: 1, sizeBytes: 8 });
  expect(arrayOfVersion2({ ...two, shape: [0, 3] }, undefined, uri)).toMatchObject({ chunks: 0, sizeBytes: 0 });
});

test("an array larger than a number holds has a size all the same", () => {
  const shape = [10 ** 9, 10 ** 9];
  expect(arrayOfVersion2({ ...two, shape, chunks: [1000, 1000] }, undefined, uri).sizeBytes).toBe(8e18);
});

test.each<[string, Fields]>([
  ["no shape", { ...three, shape: undefined }],
  ["a negative length", { ...three, shape: [-1, 3] }],
  ["chunks of nothing", { ...three, chunk_grid: { name: "regular", configuration: { chunk_shape: [0, 3] } } }],
  ["other dimensions", { ...three, chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } } }],
  ["codecs that are none", { ...three, codecs: "gzip" }],
  ["a type without a name", { ...three, data_type: { configuration: {} } }],
])("%s is malformed", (_what, array) => {
  expect(() => arrayOfVersion3(array, uri)).toThrow(expect.objectContaining({ code: "malformed", uri }));
});

describe("what Python writes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  test("NaN and infinities are null, but not in texts", () => {
    const text = '{"a":NaN,"b":-Infinity,"c":"NaN \\" Infinity","d":[Infinity]}';
    expect(parseMetadata(bytes(text), uri)).toEqual({ a: null, b: null, c: 'NaN " Infinity', d: [null] });
  });
  test("what is JSON, or is none, stays as it is", () => {
    const sound = bytes('{"a":1}');
    expect(asJson(sound)).toBe(sound);
    const broken = bytes("{NaN");
    expect(asJson(broken)).toBe(broken);
    expect(() => parseMetadata(broken, uri)).toThrow(expect.objectContaining({ code: "malformed" }));
  });
  test.each([
    ["zarr.json", true],
    ["a/.zattrs", true],
    [".zmetadata", true],
    ["a/c/0/0", false],
    ["a/xzarr.json", false],
    ["a/.zattrs/0", false],
  ])("%s is metadata: %s", (key, is) => expect(isMetadata(key)).toBe(is));
});
