/** How large an array is by its metadata: elements, chunks, bytes. Products of many dimensions leave what a number holds exactly. */
import type { ZarrArray } from "./types.ts";

/** What both versions of the format say of an array. */
export type ArrayFacts = Omit<ZarrArray, "kind" | "path" | "uri" | "sizeBytes" | "chunks" | "shards">;

export function measured(
  facts: ArrayFacts,
  itemBytes: number | undefined,
): ArrayFacts & Pick<ZarrArray, "sizeBytes" | "chunks" | "shards"> {
  const { shape, chunkShape, shardShape } = facts;
  const elements = shape.reduce((product, length) => product * BigInt(length), 1n);
  return {
    ...facts,
    sizeBytes: itemBytes === undefined ? undefined : Number(elements * BigInt(itemBytes)),
    chunks: tiles(shape, chunkShape),
    shards: shardShape === undefined ? undefined : tiles(shape, shardShape),
  };
}

/** How many tiles cover a shape. */
function tiles(shape: readonly number[], tile: readonly number[]): number {
  return Number(shape.reduce((product, length, axis) => product * BigInt(Math.ceil(length / (tile[axis] ?? 1))), 1n));
}
