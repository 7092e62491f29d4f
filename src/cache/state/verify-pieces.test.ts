/** Pieces in the eyes of whoever looks after the cache. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noise, openBench, readAll } from "../../../tests/cache-bench.ts";
import { pieceBlockBytes as block } from "../ranges/piece.ts";

async function filled() {
  const bench = await openBench();
  for (const key of ["a/1", "a/2", "b"]) {
    await bench.put(key, noise(3 * block + 5));
    await readAll(bench.cached, key, { range: { start: 0, end: block + 1 } });
  }
  const piecePaths = async () =>
    (await readdir(bench.dir, { recursive: true })).filter((name) => name.includes("+")).map((n) => join(bench.dir, n));
  return { ...bench, piecePaths };
}

test("verify reads every byte of the pieces, says which is damaged, and repair takes it away", async () => {
  const { cache, piecePaths } = await filled();
  expect(await cache.verify()).toEqual({ checked: { objects: 0, sizeBytes: 6 * block }, damaged: [] });
  expect((await cache.verify({ address: "s3://bucket/b" })).checked.sizeBytes).toBe(2 * block);
  const [path = "", other = ""] = await piecePaths();
  const bytes = await readFile(path);
  bytes[bytes.byteLength - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(path, bytes);
  await writeFile(other, "nothing of ours");
  const { damaged } = await cache.verify();
  expect(damaged.map((entry) => [entry.path, entry.uri !== undefined])).toEqual(
    expect.arrayContaining([
      [path, true],
      [other, false],
    ]),
  );
  expect(await piecePaths()).toHaveLength(3);
  await cache.verify({ repair: true });
  expect(await piecePaths()).toHaveLength(1);
  expect((await cache.verify()).damaged).toEqual([]);
});

test("clear takes the pieces of an address away, or all", async () => {
  const { cache, cached, wire, piecePaths } = await filled();
  await cache.clear("s3://bucket/a");
  expect(await piecePaths()).toHaveLength(1);
  wire.take();
  await readAll(cached, "b", { range: { start: 0, end: 1 } });
  expect(wire.take()).toEqual([expect.stringMatching(/not-modified$/)]);
  await cache.clear();
  expect(await piecePaths()).toEqual([]);
});

test("the limits of the cache count pieces and take them away one by one", async () => {
  const { cache, piecePaths } = await filled();
  expect((await cache.stats()).ranges.objects).toBe(3);
  await cache.prune({ maxBytes: 3 * block });
  expect(await piecePaths()).toHaveLength(1);
});
