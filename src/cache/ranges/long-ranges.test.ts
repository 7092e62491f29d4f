/** Ranges of many blocks, which pass while they are kept. */
import { describe, expect, test } from "vitest";
import { noise, openBench, readAll, unreachable } from "../../../tests/cache-bench.ts";
import { EntrepotError } from "../../error/index.ts";
import type { BodySink } from "../../store/index.ts";
import { pieceBlockBytes as block } from "./piece.ts";
import { pieces } from "./pieces.fixture.ts";

const size = 40 * block + 777;

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

  test("that did not stand its test leaves nothing", async () => {
    const bench = await openBench();
    await bench.put("a", noise(size));
    bench.wire.cutAfter = { bytes: 30 * block, error: new EntrepotError("integrity", "wrong"), times: 1 };
    await expect(readAll(bench.cached, "a", { range: { start: 0 } })).rejects.toMatchObject({ code: "integrity" });
    await bench.cache.close();
    expect(await pieces(bench)).toEqual([]);
  });

  test("larger than the cache is not kept", async () => {
    const bench = await openBench({ maxBytes: 10 * block });
    await bench.put("a", noise(size));
    await readAll(bench.cached, "a", { range: { start: 0 } });
    expect(await pieces(bench)).toEqual([]);
  });
});
