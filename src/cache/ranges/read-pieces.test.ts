/** Ranges that are kept: by block, of one version, across openings of the cache. */
import { describe, expect, test } from "vitest";
import { type Bench, noise, openBench, readAll, unreachable } from "../../../tests/cache-bench.ts";
import { EntrepotError } from "../../error/index.ts";
import type { BodySink, ByteRange } from "../../store/index.ts";
import { openCircuit } from "../circuit.ts";
import { pieceBlockBytes as block } from "./piece.ts";
import { pieces, slice } from "./pieces.fixture.ts";

const size = 40 * block + 777;

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

  test("a delete, also those that a read brings which began before it", async () => {
    const bench = await openBench();
    const { put, cached, wire } = bench;
    await put("a", noise(size));
    let open = (): void => undefined;
    wire.gate = new Promise((resolve) => {
      open = resolve;
    });
    const reading = readAll(cached, "a", { range: { start: 0, end: 8 } });
    while (wire.take().length === 0) await new Promise(setImmediate);
    wire.gate = undefined;
    await cached.delete("a");
    await put("a", noise(size));
    open();
    await reading;
    expect(await pieces(bench)).toEqual([]);
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
    { identity: ["weak"], circuit: openCircuit(() => 0), network: "online" },
  );
  expect(await readAll(weak, "a", { range: { start: 5, end: 9 } })).toEqual(noise(size).slice(5, 9));
  expect(await pieces(bench)).toEqual([]);
});
