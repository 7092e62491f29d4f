/** Ranges that are kept: by block, of one version, across openings of the cache. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bench, noise, openBench, readAll, unreachable } from "../../../tests/cache-bench.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { BodySink, ByteRange } from "../../store/index.ts";
import { readName } from "../layout.ts";
import { pieceBlockBytes as block } from "./piece.ts";

const size = 40 * block + 777;

async function pieces({ dir }: Bench): Promise<string[]> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  return names.filter((name) => readName(name.slice(name.lastIndexOf("/") + 1))?.kind === "range").sort();
}

const slice = (bytes: Uint8Array, range: ByteRange) =>
  range.suffix === undefined
    ? bytes.slice(range.start, range.end)
    : bytes.slice(Math.max(0, bytes.byteLength - range.suffix));

describe("a range that is read twice", () => {
  test.each([
    { start: 0, end: 8 },
    { start: 3 * block - 5, end: 3 * block + 5 },
    { suffix: 8 },
    { start: 39 * block },
    { start: 0, end: 35 * block },
  ])("%j comes from the disk the second time, confirmed by a request without a body", async (range: ByteRange) => {
    const bench = await openBench();
    await bench.put("a", noise(size));
    expect(Buffer.compare(await readAll(bench.cached, "a", { range }), slice(noise(size), range))).toBe(0);
    expect(bench.wire.take()).toHaveLength(1);
    const later = bench.wrap({}, bench.reopen());
    for (const store of [bench.cached, later]) {
      expect(Buffer.compare(await readAll(store, "a", { range }), slice(noise(size), range))).toBe(0);
      expect(bench.wire.take()).toEqual([expect.stringMatching(/if-none-match: not-modified$/)]);
    }
    for (const store of [bench.wrap({ network: "offline" }), bench.wrap({ maxAgeMs: 1000 })]) {
      expect(Buffer.compare(await readAll(store, "a", { range }), slice(noise(size), range))).toBe(0);
    }
    expect(bench.wire.take()).toEqual([]);
  });

  test("costs no request when the version is named", async () => {
    const { put, cached, wire } = await openBench();
    const etag = await put("a", noise(size));
    await readAll(cached, "a", { range: { start: 10, end: 20 } });
    wire.take();
    const range = { start: 100, end: 65_000 };
    expect(await readAll(cached, "a", { range, ifMatch: etag })).toEqual(noise(size).slice(100, 65_000));
    expect(wire.take()).toEqual([]);
  });

  test("is asked for again when its age is over, and not before", async () => {
    const bench = await openBench();
    const { clock, wire } = bench;
    const aged = bench.wrap({ maxAgeMs: 1000 });
    await bench.put("a", noise(size));
    const range = { start: 0, end: 8 };
    await readAll(aged, "a", { range });
    clock.nowMs += 999;
    await readAll(aged, "a", { range });
    expect(wire.take()).toHaveLength(1);
    clock.nowMs += 1;
    await readAll(aged, "a", { range });
    clock.nowMs += 999;
    await readAll(aged, "a", { range });
    expect(wire.take()).toEqual([expect.stringMatching(/not-modified$/)]);
  });
});

test("of 8 bytes one block is fetched, and of a longer range only what is missing", async () => {
  const { put, cached, wire } = await openBench();
  await put("a", noise(size));
  const read = async (range: ByteRange) => {
    expect(Buffer.compare(await readAll(cached, "a", { range }), slice(noise(size), range))).toBe(0);
    return wire.take();
  };
  expect(await read({ start: 70_000, end: 70_008 })).toEqual([`read a {"start":${block},"end":${2 * block}}`]);
  expect(await read({ suffix: 8 })).toEqual([`read a {"suffix":${block}}`]);
  expect(await read({ start: 5 * block, end: 6 * block })).toHaveLength(1);
  expect(await read({ start: 70_000, end: 5 * block + 1 })).toEqual([
    `read a {"start":${2 * block},"end":${5 * block}}`,
  ]);
  expect(await read({ start: 0, end: 6 * block })).toEqual([`read a {"start":0,"end":${block}}`]);
});

describe("a replacement", () => {
  test("is seen, and takes the pieces of the old version with it", async () => {
    const bench = await openBench();
    const { put, cached, wire } = bench;
    await put("a", noise(size, 1));
    await readAll(cached, "a", { range: { start: 0, end: 5 } });
    await readAll(cached, "a", { range: { start: 4 * block, end: 5 * block } });
    await put("a", noise(size + 10, 2));
    wire.take();
    const range = { start: 5, end: 4 * block + 5 };
    expect(Buffer.compare(await readAll(cached, "a", { range }), slice(noise(size + 10, 2), range))).toBe(0);
    expect(wire.take()).toHaveLength(2);
    expect(await pieces(bench)).toHaveLength(1);
    expect(Buffer.compare(await readAll(cached, "a", { range }), slice(noise(size + 10, 2), range))).toBe(0);
    expect(wire.take()).toEqual([expect.stringMatching(/not-modified$/)]);
  });

  test("by a longer one may hold what was beyond the end, by a shorter one may not", async () => {
    const { put, cached } = await openBench();
    await put("a", noise(100));
    await readAll(cached, "a", { range: { start: 0, end: 5 } });
    await put("a", noise(200, 2));
    const range = { start: 150 };
    expect(await readAll(cached, "a", { range })).toEqual(noise(200, 2).slice(150));
    await put("a", noise(100, 3));
    await expect(readAll(cached, "a", { range })).rejects.toMatchObject({ code: "invalid-range" });
    expect(await readAll(cached, "a", { range: { suffix: 120 } })).toEqual(noise(100, 3));
  });

  test("is precondition-failed for whom the version was named, where blocks of it are missing", async () => {
    const { put, cached } = await openBench();
    const etag = await put("a", noise(size, 1));
    await readAll(cached, "a", { range: { start: 0, end: 5 }, ifMatch: etag });
    await put("a", noise(size, 2));
    const range = { start: 0, end: 2 * block };
    await expect(readAll(cached, "a", { range, ifMatch: etag })).rejects.toMatchObject({ code: "precondition-failed" });
  });

  test("of which an old copy is still here is kept in pieces, too", async () => {
    const { put, cached, wrap, wire } = await openBench();
    await put("a", noise(size, 1));
    await readAll(cached, "a");
    await put("a", noise(size, 2));
    const range = { start: 5, end: 10 };
    await readAll(cached, "a", { range });
    wire.take();
    expect(await readAll(cached, "a", { range })).toEqual(noise(size, 2).slice(5, 10));
    expect(wire.take()).toEqual([expect.stringMatching(/not-modified$/)]);
    wire.down = unreachable();
    expect(await readAll(cached, "a", { range: { start: 9 * block, end: 9 * block + 1 } })).toEqual(
      noise(size, 1).slice(9 * block, 9 * block + 1),
    );
    expect(await readAll(wrap({ network: "offline" }), "a", { range })).toEqual(noise(size, 1).slice(5, 10));
  });
});

describe("without the network", () => {
  test("blocks that are here are given with their age, and what is missing is told in bytes", async () => {
    const { put, cached, wrap, wire, stale, clock } = await openBench();
    await put("a", noise(size));
    await readAll(cached, "a", { range: { start: 0, end: 8 } });
    clock.nowMs += 500;
    wire.down = unreachable();
    expect(await readAll(cached, "a", { range: { start: 5, end: 10 } })).toEqual(noise(size).slice(5, 10));
    expect(stale).toEqual([{ uri: "s3://bucket/a", ageMs: 500 }]);
    const beyond = { start: 10, end: block + 100 };
    await expect(readAll(cached, "a", { range: beyond })).rejects.toMatchObject({ code: "unreachable" });
    const offline = wrap({ network: "offline" });
    const failure = expect.objectContaining({
      code: "not-cached",
      message: expect.stringContaining("100 of the 65626 bytes"),
    });
    await expect(readAll(offline, "a", { range: beyond })).rejects.toEqual(failure);
    await expect(readAll(offline, "b", { range: beyond })).rejects.toMatchObject({ code: "not-cached" });
    await expect(readAll(offline, "a")).rejects.toMatchObject({ code: "not-cached" });
    expect((await offline.stat("a")).sizeBytes).toBe(size);
  });
});

describe("what changes the object through us takes its pieces away", () => {
  test.each([
    ["write", (store: Bench["cached"]) => store.write("a", noise(10))],
    ["delete", (store: Bench["cached"]) => store.delete("a")],
    ["copyFrom", (store: Bench["cached"], behind: Bench["wired"]) => store.copyFrom({ store: behind, key: "b" }, "a")],
  ])("%s", async (_, change) => {
    const bench = await openBench();
    await bench.put("a", noise(size));
    await bench.put("b", noise(size));
    await readAll(bench.cached, "a", { range: { start: 0, end: 8 } });
    expect(await pieces(bench)).toHaveLength(1);
    await change(bench.wrap({}, bench.reopen()), bench.wired);
    expect(await pieces(bench)).toHaveLength(0);
  });

  test("a whole read, since it brings all", async () => {
    const bench = await openBench();
    await bench.put("a", noise(size));
    await readAll(bench.cached, "a", { range: { start: 0, end: 8 } });
    await readAll(bench.cached, "a");
    expect(await pieces(bench)).toEqual([]);
  });

  test("an object that is gone leaves no pieces", async () => {
    const bench = await openBench();
    await bench.put("a", noise(size));
    const range = { start: 0, end: 8 };
    await readAll(bench.cached, "a", { range });
    await bench.store.delete("a");
    await expect(readAll(bench.cached, "a", { range })).rejects.toMatchObject({ code: "not-found" });
    expect(await pieces(bench)).toEqual([]);
  });

  test("a change whose outcome nobody knows leaves them for offline use, but not for fresh", async () => {
    const { put, wrap, wire } = await openBench();
    const aged = wrap({ maxAgeMs: 60_000 });
    const range = { start: 0, end: 8 };
    await put("a", noise(size));
    await readAll(aged, "a", { range });
    wire.down = new EntrepotError("server-error", "who knows");
    await expect(aged.write("a", noise(10))).rejects.toMatchObject({ code: "server-error" });
    wire.down = undefined;
    wire.take();
    expect(await readAll(wrap({ network: "offline" }), "a", { range })).toEqual(noise(size).slice(0, 8));
    await readAll(aged, "a", { range });
    expect(wire.take()).toEqual([expect.stringMatching(/not-modified$/)]);
  });
});

describe("bypass and refresh", () => {
  test("bypass neither reads nor keeps; refresh asks again and keeps", async () => {
    const bench = await openBench();
    const { put, cached, wire } = bench;
    await put("a", noise(size));
    const range = { start: 0, end: 8 };
    await readAll(cached, "a", { range, cache: "bypass" });
    expect(await pieces(bench)).toEqual([]);
    await readAll(cached, "a", { range, cache: "refresh" });
    expect(await pieces(bench)).toHaveLength(1);
    wire.take();
    await readAll(cached, "a", { range, cache: "refresh" });
    await readAll(cached, "a", { range, cache: "bypass" });
    expect(wire.take()).toEqual([`read a {"start":0,"end":${block}}`, 'read a {"start":0,"end":8}']);
  });
});

describe("a long range", () => {
  test("is kept while it passes: who leaves early has the blocks that came", async () => {
    const bench = await openBench();
    const { put, cached, wire } = bench;
    await put("a", noise(size));
    const stop = new Error("enough");
    let got = 0;
    const leaving: BodySink = {
      start: () => undefined,
      write: (chunk) => {
        got += chunk.byteLength;
        if (got > 20 * block) throw stop;
      },
    };
    await expect(cached.read("a", leaving, { range: { start: 0 } })).rejects.toBe(stop);
    await bench.cache.close();
    wire.take();
    await readAll(cached, "a", { range: { start: 0, end: 20 * block } });
    expect(wire.take()).toEqual([expect.stringMatching(/not-modified$/)]);
  });

  test("that breaks off is kept as far as it came", async () => {
    const bench = await openBench();
    const { put, cached, wire } = bench;
    await put("a", noise(size));
    wire.cutAfter = { bytes: 10 * block + 5, error: unreachable(), times: 1 };
    await expect(readAll(cached, "a", { range: { start: 0 } })).rejects.toMatchObject({ code: "unreachable" });
    await bench.cache.close();
    wire.take();
    expect(Buffer.compare(await readAll(cached, "a", { range: { start: 0 } }), noise(size))).toBe(0);
    expect(wire.take()).toEqual([`read a {"start":${10 * block},"end":${size}}`]);
  });

  test("larger than the cache is not kept", async () => {
    const bench = await openBench({ maxBytes: 10 * block });
    await bench.put("a", noise(size));
    await readAll(bench.cached, "a", { range: { start: 0 } });
    expect(await pieces(bench)).toEqual([]);
  });
});

describe("a piece that is not what was stored", () => {
  const damages: readonly [string, (path: string) => Promise<unknown>][] = [
    ["gone", (path) => rm(path)],
    ["empty", (path) => writeFile(path, "")],
    ["cut", async (path) => writeFile(path, (await readFile(path)).subarray(0, -1))],
    ["longer", async (path) => writeFile(path, Buffer.concat([await readFile(path), Buffer.from("x")]))],
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

test("versions with a weak ETag are not kept", async () => {
  const bench = await openBench();
  await bench.put("a", noise(size));
  const { wired } = bench;
  const weak = bench.cache.wrap(
    {
      ...wired,
      read: (key, sink, options) => {
        const start: BodySink["start"] = (info, range) => sink.start({ ...info, etag: 'W/"x"' }, range);
        return wired.read(key, { start, write: (chunk) => sink.write(chunk) }, options);
      },
    },
    { identity: ["weak"], circuit: { attempt: () => undefined, insist: () => none }, network: "online" },
  );
  expect(await readAll(weak, "a", { range: { start: 5, end: 9 } })).toEqual(noise(size).slice(5, 9));
  expect(await pieces(bench)).toEqual([]);
});
const none = { succeeded: () => undefined, failed: () => undefined, abandoned: () => undefined };

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
          const read = await readAll(bench.wrap({}, cache), key, { range: each.range });
          expect(Buffer.compare(read, slice(noise(length, version), each.range))).toBe(0);
          const named = await readAll(bench.wrap({}, cache), key, { range: each.range, ifMatch: etag });
          expect(Buffer.compare(named, read)).toBe(0);
        } else {
          const offline = bench.wrap({ network: "offline" }, cache);
          const read = await readAll(offline, key, { range: each.range }).catch((error: unknown) => {
            if (isEntrepotError(error, "not-cached")) return undefined;
            throw error;
          });
          if (read === undefined) continue;
          given += 1;
          const versions = Array.from({ length: version - run * 100 + 1 }, (_, index) => run * 100 + index);
          const isOne = versions.some((seed) => Buffer.compare(read, slice(noise(length, seed), each.range)) === 0);
          expect(isOne).toBe(true);
        }
      }
      await cache.close();
    }),
    { numRuns: 40 },
  );
  expect(given).toBeGreaterThan(0);
});
