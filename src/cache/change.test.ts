/** Writes, deletes and copies, and what they leave in the cache. */
import { describe, expect, test } from "vitest";
import { bytesOf, noise, openBench, readAll, readText, unreachable } from "../../tests/cache-bench.ts";
import { EntrepotError } from "../error/index.ts";
import { type DeletedKey, openMemoryStore, type SizedSource } from "../store/index.ts";
import { openCircuit } from "./circuit.ts";

const sourceOf = (bytes: Uint8Array, pieceBytes = 100_000): SizedSource => ({
  sizeBytes: bytes.byteLength,
  open: async function* () {
    for (let at = 0; at < bytes.byteLength; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  },
});

describe("a write", () => {
  test.each([0, 5, 300_000, 2_000_000])("leaves its %i bytes here under the returned ETag", async (size) => {
    const bytes = noise(size);
    const { open } = sourceOf(bytes);
    for (const body of [bytes, sourceOf(bytes), { sizeBytes: undefined, open }]) {
      const { cached, wrap, wire } = await openBench();
      await cached.write("a.bin", body);
      wire.take();
      expect(Buffer.compare(await readAll(cached, "a.bin"), bytes)).toBe(0);
      expect(wire.take()).toEqual(["read a.bin if-none-match: not-modified"]);
      expect(Buffer.compare(await readAll(wrap({ network: "offline" }), "a.bin"), bytes)).toBe(0);
    }
  });

  test("keeps what was sent last when the store reads the body again", async () => {
    const { cached, wired, wrap } = await openBench();
    const bytes = noise(600_000);
    const { write } = wired;
    wired.write = async (key, body, options) => {
      if (!(body instanceof Uint8Array)) {
        for await (const _ of body.open()) break;
        for await (const chunk of body.open()) if (chunk.byteLength > 0) break;
      }
      return write(key, body, options);
    };
    await cached.write("a", sourceOf(bytes));
    expect(Buffer.compare(await readAll(wrap({ network: "offline" }), "a"), bytes)).toBe(0);
  });

  test("keeps what was sent in ranges, in any order, several at once and some of them twice", async () => {
    const { cached, wired, wrap } = await openBench();
    const bytes = noise(600_000);
    const { write } = wired;
    let ranged = false;
    wired.write = async (key, body, options) => {
      if (body instanceof Uint8Array || body.sizeBytes === undefined || body.openRange === undefined)
        throw new Error("a source of ranges comes as one");
      ranged = true;
      const spans = [300_000, 0, 300_000].map((start) => body.openRange?.(start, start + 300_000));
      const [second, first] = await Promise.all(
        spans.map(async (span) => {
          const pieces: Uint8Array[] = [];
          for await (const piece of span ?? []) pieces.push(piece);
          return Buffer.concat(pieces);
        }),
      );
      return write(key, Buffer.concat([...(first ? [first] : []), ...(second ? [second] : [])]), options);
    };
    const openRange = (start: number, end: number) => sourceOf(bytes.subarray(start, end)).open();
    await cached.write("a", { ...sourceOf(bytes), openRange });
    expect(ranged).toBe(true);
    expect(Buffer.compare(await readAll(wrap({ network: "offline" }), "a"), bytes)).toBe(0);
  });

  test("keeps nothing of a body that turns out to be larger than the cache may be", async () => {
    const { cached, cache } = await openBench({ maxBytes: 400_000 });
    const { open } = sourceOf(noise(600_000));
    await cached.write("a", { sizeBytes: undefined, open });
    expect((await cache.stats()).objects).toBe(0);
    await cached.write("a", { sizeBytes: undefined, open: () => sourceOf(noise(300_000)).open() });
    expect((await cache.stats()).objects).toBe(1);
  });

  test("keeps nothing when the store reads the body twice at once", async () => {
    const { cached, wired, cache } = await openBench();
    const { write } = wired;
    wired.write = async (key, body, options) => {
      if (body instanceof Uint8Array) return write(key, body, options);
      const other = body.open()[Symbol.asyncIterator]();
      await other.next();
      const result = await write(key, body, options);
      await other.return?.();
      return result;
    };
    await cached.write("a", sourceOf(noise(600_000)));
    expect((await cache.stats()).objects).toBe(0);
    expect(Buffer.compare(await readAll(cached, "a"), noise(600_000))).toBe(0);
  });

  test("that fails leaves the old copy for offline use, and not as fresh", async () => {
    const { wrap, wire, put, clock } = await openBench();
    const aged = wrap({ maxAgeMs: 60_000 });
    await put("a", "old");
    await readText(aged, "a");
    wire.down = new EntrepotError("timeout", "who knows whether it arrived");
    await expect(aged.write("a", bytesOf("new"))).rejects.toMatchObject({ code: "timeout" });
    expect(await readText(wrap({ network: "offline" }), "a")).toBe("old");
    wire.down = undefined;
    wire.take();
    clock.nowMs += 30_000;
    await readText(aged, "a");
    expect(wire.take()).toEqual(["read a if-none-match: not-modified"]);
  });

  test("that bypasses the cache leaves no bytes and no old copy", async () => {
    const { cached, cache, put } = await openBench();
    await put("a", "old");
    await readText(cached, "a");
    await cached.write("a", bytesOf("new"), { cache: "bypass" });
    expect((await cache.stats()).objects).toBe(0);
  });

  test("without an ETag in the answer leaves nothing", async () => {
    const { cached, wired, cache } = await openBench();
    const { write } = wired;
    wired.write = async (...args) => ({ ...(await write(...args)), etag: "" });
    await cached.write("a", bytesOf("1"));
    expect((await cache.stats()).objects).toBe(0);
  });

  test("is not undone by a read that began before it", async () => {
    const { cached, wrap, store, put } = await openBench();
    await put("a", "old");
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const early = cached.read("a", { start: () => begun(), write: () => held });
    await beginning;
    await cached.write("a", bytesOf("new"));
    release();
    await early;
    expect(await readText(wrap({ network: "offline" }), "a")).toBe("new");
    expect((await store.stat("a")).sizeBytes).toBe(3);
  });

  test("that ran beside another leaves nothing that the server may not have", async () => {
    const { cached, wrap, wire } = await openBench();
    let release: () => void = () => undefined;
    wire.gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const both = [cached.write("a", bytesOf("one")), cached.write("a", bytesOf("two"))];
    release();
    await Promise.all(both);
    await expect(readText(wrap({ network: "offline" }), "a")).rejects.toMatchObject({ code: "not-cached" });
    expect(["one", "two"]).toContain(await readText(cached, "a"));
  });

  test("an upload that is never read to its end leaves nothing", async () => {
    const { cached, cache } = await openBench();
    const source: SizedSource = {
      sizeBytes: 10,
      open: async function* () {
        yield new Uint8Array(4);
      },
    };
    await expect(cached.write("a", source)).rejects.toMatchObject({ code: "truncated" });
    expect((await cache.stats()).objects).toBe(0);
  });
});

describe("a delete", () => {
  test("takes the copy with it, and a copy its target", async () => {
    const { cached, wrap, put } = await openBench();
    const offline = wrap({ network: "offline" });
    await put("a", "1");
    await readText(cached, "a");
    await cached.delete("a");
    await expect(readText(offline, "a")).rejects.toMatchObject({ code: "not-cached" });
    await put("b", "2");
    await put("c", "3");
    await readText(cached, "c");
    await cached.copyFrom({ store: cached, key: "b" }, "c");
    await expect(readText(offline, "c")).rejects.toMatchObject({ code: "not-cached" });
    expect(await readText(cached, "c")).toBe("2");
  });

  test("that fails takes nothing", async () => {
    const { cached, wrap, wire, put } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.down = unreachable();
    await expect(cached.delete("a")).rejects.toMatchObject({ code: "unreachable" });
    expect(await readText(wrap({ network: "offline" }), "a")).toBe("1");
  });
});

test("a copy that its server cannot make by itself says nothing about whether the server can be reached", async () => {
  const told: string[] = [];
  const { wrap, wire, wired } = await openBench();
  wired.copyFrom = async () => undefined;
  const cached = wrap({ circuit: openCircuit(() => 0).heardBy(({ state }) => void told.push(state)) });
  wire.down = unreachable();
  for (let tries = 0; tries < 3; tries += 1) {
    expect(await cached.copyFrom({ store: openMemoryStore(), key: "b" }, "a")).toBeUndefined();
    await expect(cached.write("a", bytesOf("1"))).rejects.toMatchObject({ code: "unreachable" });
  }
  expect(told).toEqual(["unreachable"]);
});

describe("many deletes at once", () => {
  /** The bench with a store that can; `b` is refused. */
  async function openBulkBench(refusal: EntrepotError) {
    const bench = await openBench();
    const { wired, store } = bench;
    const batches: (readonly string[])[] = [];
    const deleteMany = async function* (keys: readonly string[]): AsyncGenerator<DeletedKey> {
      batches.push(keys);
      for (const key of keys) {
        if (key !== "b") await store.delete(key);
        yield { key, error: key === "b" ? refusal : undefined };
      }
    };
    Object.assign(wired, { deleteMany });
    for (const key of ["a", "b", "c"]) {
      await bench.put(key, key);
      await readText(bench.cached, key);
    }
    const remove = async (keys: readonly string[], through = bench.wrap({ maxAgeMs: 60_000 })) => {
      const told: (readonly [string, string | undefined])[] = [];
      for await (const { key, error } of through.deleteMany?.(keys) ?? []) told.push([key, error?.code]);
      return told;
    };
    return { ...bench, batches, remove };
  }
  const forbidden = new EntrepotError("forbidden", "b stays");

  test("take the copies of what is gone, and keep that of what is not, but not as fresh", async () => {
    const { wrap, remove, wire } = await openBulkBench(forbidden);
    expect(await remove(["a", "b", "c", "never"])).toEqual([
      ["a", undefined],
      ["b", "forbidden"],
      ["c", undefined],
      ["never", undefined],
    ]);
    const offline = wrap({ network: "offline" });
    for (const key of ["a", "c"]) await expect(readText(offline, key)).rejects.toMatchObject({ code: "not-cached" });
    expect(await readText(offline, "b")).toBe("b");
    wire.take();
    expect(await readText(wrap({ maxAgeMs: 60_000 }), "b")).toBe("b");
    expect(wire.take()).toEqual(["read b if-none-match: not-modified"]);
  });

  test("are one call of the store behind, and none of one that cannot", async () => {
    const { batches, remove, store, wrap } = await openBulkBench(forbidden);
    await remove(["a", "c"]);
    expect(batches).toEqual([["a", "c"]]);
    const { wired } = await openBench();
    expect([store.deleteMany, wired.deleteMany, (await openBench()).cached.deleteMany]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(wrap().deleteMany).toBeTypeOf("function");
  });

  test("fail offline before they begin, each for itself", async () => {
    const { batches, remove, wrap, cached } = await openBulkBench(forbidden);
    expect(await remove(["a", "c"], wrap({ network: "offline" }))).toEqual([
      ["a", "unreachable"],
      ["c", "unreachable"],
    ]);
    expect(batches).toEqual([]);
    expect(await readText(cached, "a")).toBe("a");
  });

  test("tell the circuit when the server is out of reach: reads then take the copy at once", async () => {
    const { remove, cached, wire } = await openBulkBench(unreachable());
    expect(await remove(["b"])).toEqual([["b", "unreachable"]]);
    wire.take();
    expect(await readText(cached, "b")).toBe("b");
    expect(wire.take()).toEqual([]);
  });
});
