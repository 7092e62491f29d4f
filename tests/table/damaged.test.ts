/** Files with changed bytes: polars makes room for what they say, so that a lie can end the process. Here each is an error or a table. */
import { readFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { fixture, memoryDepot } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());

/** The same numbers from 0 to 1 for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One to four places changed, mostly near the end, where files say what is in them. */
function mutant(original: Buffer, seed: number): Buffer {
  const next = numbers(seed * 7919 + 13);
  const below = (most: number) => Math.floor(next() * most);
  const bytes = Buffer.from(original);
  for (let count = 1 + below(4); count > 0; count -= 1) {
    const at = next() < 0.6 ? bytes.length - 1 - below(Math.min(bytes.length, 4000)) : below(bytes.length);
    const how = next();
    if (how < 0.5) bytes[at] = below(256);
    else if (how < 0.7) bytes[at] = (bytes[at] as number) ^ (1 << below(8));
    else if (how < 0.9) bytes.fill(next() < 0.5 ? 0 : 255, at, Math.min(at + 8, bytes.length));
    else bytes.copy(bytes, at, below(bytes.length));
  }
  return bytes;
}

test.each([
  "pyarrow.feather",
  "stream.arrow",
  "pyarrow.parquet",
  "groups.parquet",
  "missing-categories.arrows",
  "missing-categories-nested.feather",
  "offsets.feather",
  "offsets.parquet",
])("no damage of %s ends the process, and each is an error or a table", { timeout: 60_000 }, async (name) => {
  const original = await readFile(fixture(name));
  const file = `memory:///damaged/${name}` as const;
  const ended: Record<string, number> = { table: 0 };
  for (let seed = 0; seed < 500; seed += 1) {
    await data.writeBytes(file, mutant(original, seed));
    try {
      await data.readTable(file);
      ended["table"] = (ended["table"] ?? 0) + 1;
    } catch (error) {
      const { code = String(error) } = error as { readonly code?: string };
      ended[code] = (ended[code] ?? 0) + 1;
    }
  }
  const { table: _, malformed = 0, unsupported: __, ...other } = ended;
  expect(other).toEqual({});
  expect(malformed).toBeGreaterThan(300);
});
