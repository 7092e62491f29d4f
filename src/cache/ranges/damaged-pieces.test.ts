/** Pieces that were lost, damaged or put there by others. */
import { link, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noise, openBench, readAll } from "../../../tests/cache-bench.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { ByteRange } from "../../store/index.ts";
import { pieceBlockBytes as block } from "./piece.ts";
import { pieces, slice } from "./pieces.fixture.ts";

const size = 40 * block + 777;

describe("a piece that is not what was stored", () => {
  const damages: readonly [string, (path: string) => Promise<unknown>][] = [
    ["gone", (path) => rm(path)],
    ["empty", (path) => writeFile(path, "")],
    ["cut", async (path) => writeFile(path, (await readFile(path)).subarray(0, -1))],
    ["longer", async (path) => writeFile(path, Buffer.concat([await readFile(path), Buffer.from("x")]))],
    ["under two names", (path) => link(path, join(path, `../${Math.random()}`))],
    ["another file", (path) => writeFile(path, noise(70_000, 9))],
  ];

  test.each(damages)("%s: is fetched again in the same call, and offline it is not there", async (_, damage) => {
    const bench = await openBench();
    const { put, cached, wire, wrap } = bench;
    await put("a", noise(size));
    const range = { start: 10, end: 20 };
    for (const etag of [undefined, await put("a", noise(size))]) {
      await readAll(cached, "a", { range });
      await damage(join(bench.dir, (await pieces(bench))[0] ?? ""));
      wire.take();
      expect(await readAll(cached, "a", { range, ifMatch: etag })).toEqual(noise(size).slice(10, 20));
      expect(wire.take().length).toBeGreaterThan(0);
      await readAll(cached, "a", { range });
      expect(wire.take()).toEqual([expect.stringMatching(/not-modified$/)]);
    }
    await damage(join(bench.dir, (await pieces(bench))[0] ?? ""));
    await expect(readAll(wrap({ network: "offline" }), "a", { range })).rejects.toMatchObject({ code: "not-cached" });
  });

  test("is taken away when it is a folder or a link, and what a link leads to stays", async () => {
    const bench = await openBench();
    const { put, cached } = bench;
    await put("a", noise(size));
    const range = { start: 10, end: 20 };
    await readAll(cached, "a", { range });
    const path = join(bench.dir, (await pieces(bench))[0] ?? "");
    const target = join(bench.dir, "target");
    await writeFile(target, await readFile(path));
    for (const plant of [() => symlink(target, path), () => mkdir(path)]) {
      await rm(path, { recursive: true });
      await plant();
      expect(await readAll(cached, "a", { range })).toEqual(noise(size).slice(10, 20));
    }
    expect((await readFile(target)).byteLength).toBeGreaterThan(block);
  });
});

test("whatever is read, lost, damaged and replaced, the bytes are those of one version, and of the newest one online", async () => {
  const length = 9 * block + 100;
  const bytes = fc.nat(length);
  const range = fc.oneof(
    fc.tuple(bytes, bytes).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) })),
    bytes.map((suffix) => ({ suffix })),
    bytes.map((start) => ({ start })),
  );
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("read" as const), range }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("offline" as const), range }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("replace" as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("lose" as const), which: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("damage" as const), which: fc.nat(20), at: fc.nat(200_000) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
  );
  const bench = await openBench();
  let run = 0;
  let given = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const key = `k${run++}`;
      let version = run * 100;
      let etag = await bench.put(key, noise(length, version));
      let cache = bench.cache;
      const own = new Set<string>();
      for (const each of steps) {
        for (const name of await pieces(bench)) own.add(name);
        const name = "which" in each ? [...own][each.which % Math.max(1, own.size)] : undefined;
        const path = name && join(bench.dir, name);
        if (each.do === "reopen") cache = bench.reopen();
        else if (each.do === "replace") etag = await bench.put(key, noise(length, ++version));
        else if (each.do === "lose") {
          if (path !== undefined) await rm(path, { force: true });
        } else if (each.do === "damage") {
          const file = path === undefined ? undefined : await readFile(path).catch(() => undefined);
          if (path === undefined || file === undefined) continue;
          file[each.at % file.byteLength] = (file[each.at % file.byteLength] ?? 0) ^ 0xff;
          await writeFile(path, file);
        } else if (each.do === "read") {
          const read = await readAll(bench.wrap({}, cache), key, { range: each.range as ByteRange });
          expect(Buffer.compare(read, slice(noise(length, version), each.range as ByteRange))).toBe(0);
          const named = await readAll(bench.wrap({}, cache), key, { range: each.range as ByteRange, ifMatch: etag });
          expect(Buffer.compare(named, read)).toBe(0);
        } else {
          const offline = bench.wrap({ network: "offline" }, cache);
          const read = await readAll(offline, key, { range: each.range as ByteRange }).catch((error: unknown) => {
            if (isEntrepotError(error, "not-cached")) return undefined;
            throw error;
          });
          if (read === undefined) continue;
          given += 1;
          const versions = Array.from({ length: version - run * 100 + 1 }, (_, index) => run * 100 + index);
          const isOne = versions.some(
            (seed) => Buffer.compare(read, slice(noise(length, seed), each.range as ByteRange)) === 0,
          );
          expect(isOne).toBe(true);
        }
      }
      await cache.close();
    }),
    { numRuns: 40 },
  );
  expect(given).toBeGreaterThan(0);
});
