/**
 * zstd through `node:zlib`, from Node 24 on: Node 22 has it, too, but gives a cut frame as if it were whole. Frames one after
 * the other are one stream.
 */
import * as zlib from "node:zlib";
import type { Bytes } from "./bytes.ts";
import { Engine, type ZlibStream } from "./engine.ts";
import { decodeMembers } from "./members.ts";

/** What newer Nodes have; the types of Node 20 do not know it. */
interface ZstdOfNode {
  readonly createZstdDecompress?: (options: { readonly chunkSize: number }) => ZlibStream;
  readonly createZstdCompress?: (options: {
    readonly chunkSize: number;
    readonly params: Readonly<Record<number, number>>;
  }) => ZlibStream;
  readonly constants: { readonly ZSTD_c_compressionLevel?: number };
}

const node = zlib as unknown as ZstdOfNode;
const chunkSize = 128 * 1024;

export function hasZstd(): boolean {
  const major = Number.parseInt(process.versions.node, 10);
  return major >= 24 && node.createZstdDecompress !== undefined && node.createZstdCompress !== undefined;
}

/** Decodes a stream; an empty input is an empty output. Throws what zlib says. */
export function unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Bytes> {
  return decodeMembers(
    source,
    () => available(node.createZstdDecompress)({ chunkSize }),
    (rest) => rest,
  );
}

/** Encodes a stream. `level` 1 to 22, default 3. */
export async function* zstd(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Bytes> {
  const params = { [available(node.constants.ZSTD_c_compressionLevel)]: level };
  const engine = new Engine(available(node.createZstdCompress)({ chunkSize, params }));
  try {
    for await (const chunk of source) if (chunk.length > 0) yield* engine.push(chunk);
    yield* engine.finish();
  } finally {
    engine.close();
  }
}

function available<T>(feature: T | undefined): T {
  if (feature === undefined) throw new TypeError("this Node has no zstd: ask hasZstd first");
  return feature;
}
