/** What tests of ranges have in common. */
import { readdir } from "node:fs/promises";
import type { Bench } from "../../../tests/cache-bench.ts";
import type { ByteRange } from "../../store/index.ts";
import { readName } from "../layout.ts";

/** The pieces that lie in the cache, by their paths in it. */
export async function pieces({ dir }: Pick<Bench, "dir">): Promise<string[]> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  return names.filter((name) => readName(name.slice(name.lastIndexOf("/") + 1))?.kind === "range").sort();
}

/** What `range` means of `bytes`. */
export function slice(bytes: Uint8Array, range: ByteRange): Uint8Array {
  return range.suffix === undefined
    ? bytes.slice(range.start, range.end)
    : bytes.slice(Math.max(0, bytes.byteLength - range.suffix));
}
