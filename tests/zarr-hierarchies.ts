/** Small Zarr hierarchies written byte by byte, as Python's zarr 2 and 3 lay them out: for tests that read them. */
import { gzipSync } from "node:zlib";
import type { Depot, ZarrStore } from "entrepot";
import * as zarr from "zarrita";
import { crc32c } from "../src/checksum/index.ts";

/** Little-endian. */
export function int32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}

const group2 = { zarr_format: 2 };
export const grid2 = {
  zarr_format: 2,
  shape: [4, 6],
  chunks: [2, 3],
  dtype: "<i4",
  compressor: { id: "gzip", level: 1 },
  fill_value: -1,
  order: "C",
  filters: null,
};

/**
 * Version 2: `grid` of 4 × 6 elements `row * 6 + column` in chunks of 2 × 3, of which the last was never written, and `deep/line` of
 * texts of 3 characters. Attributes hold NaN, as Python writes it.
 */
export async function writeVersion2(data: Depot, folder: string, consolidated: boolean): Promise<void> {
  const line = { ...grid2, shape: [5], chunks: [5], dtype: "<U3", compressor: null, fill_value: "" };
  const documents: Record<string, object> = {
    ".zgroup": group2,
    ".zattrs": { title: "test" },
    "grid/.zarray": grid2,
    "grid/.zattrs": { _ARRAY_DIMENSIONS: ["y", "x"], missing_value: "@NaN" },
    "deep/.zgroup": group2,
    "deep/line/.zarray": line,
  };
  const text = (value: object) => JSON.stringify(value).replace('"@NaN"', "NaN");
  for (const [path, value] of Object.entries(documents)) await data.writeText(`${folder}${path}`, text(value));
  if (consolidated)
    await data.writeText(`${folder}.zmetadata`, text({ zarr_consolidated_format: 1, metadata: documents }));
  for (const [row, column] of [
    [0, 0],
    [0, 1],
    [1, 0],
  ] as const) {
    const at = (y: number, x: number) => (row * 2 + y) * 6 + column * 3 + x;
    const values = int32(at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2));
    await data.writeBytes(`${folder}grid/${row}.${column}`, gzipSync(values));
  }
}

export const sharded3 = {
  zarr_format: 3,
  node_type: "array",
  shape: [8],
  data_type: "int32",
  chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } },
  chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
  fill_value: -1,
  codecs: [
    {
      name: "sharding_indexed",
      configuration: {
        chunk_shape: [2],
        codecs: [
          { name: "bytes", configuration: { endian: "little" } },
          { name: "gzip", configuration: { level: 1 } },
        ],
        index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
        index_location: "end",
      },
    },
  ],
  attributes: {},
  dimension_names: ["time"],
};

/** A shard of chunks of 2, `undefined` for one that was never written. `padBytes` stand between the chunks and the index. */
export function shard(chunks: readonly (Uint8Array | undefined)[], padBytes = 0): Uint8Array {
  const index = new BigUint64Array(chunks.length * 2).fill(2n ** 64n - 1n);
  const bodies: Uint8Array[] = [];
  let offset = 0;
  for (const [at, chunk] of chunks.entries()) {
    if (chunk === undefined) continue;
    const body = gzipSync(chunk);
    index.set([BigInt(offset), BigInt(body.byteLength)], at * 2);
    bodies.push(body);
    offset += body.byteLength;
  }
  const bytes = new Uint8Array(index.buffer);
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setUint32(0, crc32c(bytes), true);
  return Buffer.concat([...bodies, new Uint8Array(padBytes), bytes, sum]);
}

/** Version 3: `sharded` of 8 elements 0, 10, … in two shards of two chunks; the last chunk was never written. */
export async function writeVersion3(data: Depot, folder: string, consolidated: boolean, padBytes = 0): Promise<void> {
  const group = { zarr_format: 3, node_type: "group", attributes: {} };
  const nodes = { deep: group, "deep/sharded": sharded3 };
  const metadata = { kind: "inline", must_understand: false, metadata: nodes };
  await data.writeJson(`${folder}zarr.json`, consolidated ? { ...group, consolidated_metadata: metadata } : group);
  for (const [path, value] of Object.entries(nodes)) await data.writeJson(`${folder}${path}/zarr.json`, value);
  await data.writeBytes(`${folder}deep/sharded/c/0`, shard([int32(0, 10), int32(20, 30)], padBytes));
  await data.writeBytes(`${folder}deep/sharded/c/1`, shard([int32(40, 50), undefined], padBytes));
}

/** What zarrita reads of `grid` as `writeVersion2` writes it. */
export const whole2: readonly number[] = Array.from({ length: 24 }, (_, at) =>
  Math.floor(at / 12) === 1 && at % 6 >= 3 ? -1 : at,
);
export async function gridOf(store: ZarrStore): Promise<number[]> {
  const grid = await zarr.open.v2(zarr.root(store).resolve("grid"), { kind: "array" });
  return [...((await zarr.get(grid)).data as Int32Array)];
}

/** And of `deep/sharded` as `writeVersion3` does. */
export const whole3: readonly number[] = [0, 10, 20, 30, 40, 50, -1, -1];
export async function shardedOf(store: ZarrStore): Promise<number[]> {
  const sharded = await zarr.open.v3(zarr.root(store).resolve("deep/sharded"), { kind: "array" });
  return [...((await zarr.get(sharded)).data as Int32Array)];
}
