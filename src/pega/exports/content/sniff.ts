/** What some bytes are, by how they begin: names of exports say less than that. */
import type { Compression } from "../../../codec/index.ts";

export type Content =
  | { readonly kind: "zip" | "json" | "csv" | "parquet" | "arrow" }
  | { readonly kind: "compressed"; readonly compression: Compression };

/** Bytes that are enough to tell, but for white space before JSON. */
export const headBytes = 64;

const beginnings: readonly (readonly [readonly number[], Content])[] = [
  [[0x50, 0x4b, 0x03, 0x04], { kind: "zip" }],
  [[0x50, 0x4b, 0x05, 0x06], { kind: "zip" }],
  [[0x1f, 0x8b], { kind: "compressed", compression: "gzip" }],
  [[0x28, 0xb5, 0x2f, 0xfd], { kind: "compressed", compression: "zstd" }],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], { kind: "compressed", compression: "xz" }],
  [[0x42, 0x5a, 0x68], { kind: "compressed", compression: "bzip2" }],
  [[0x50, 0x41, 0x52, 0x31], { kind: "parquet" }],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], { kind: "arrow" }],
  [[0xff, 0xff, 0xff, 0xff], { kind: "arrow" }],
];

/** `head` are the first bytes, all of them where there are fewer than `headBytes`. `name` decides where nothing stands in it. */
export function contentOf(head: Uint8Array, name: string): Content {
  const found = beginnings.find(([bytes]) => bytes.every((byte, at) => head[at] === byte))?.[1];
  // a CSV may well begin with the letters BZh
  if (found !== undefined && !(found.kind === "compressed" && found.compression === "bzip2" && !isBzip2(head)))
    return found;
  const text = new TextDecoder().decode(head).trimStart();
  if (text.startsWith("{") || text.startsWith("[")) return { kind: "json" };
  if (text === "") return { kind: /\.(?:csv|txt)$/i.test(plain(name)) ? "csv" : "json" };
  return { kind: /\.(?:json|jsonl|ndjson)$/i.test(plain(name)) ? "json" : "csv" };
}

/** What comes after `BZh`, its level and the sign of a block. */
function isBzip2(head: Uint8Array): boolean {
  const [, , , level = 0, a, b] = head;
  return level >= 0x31 && level <= 0x39 && ((a === 0x31 && b === 0x41) || (a === 0x17 && b === 0x72));
}

function plain(name: string): string {
  return name.replace(/\.(?:gz|bz2|xz|zst)$/i, "");
}
