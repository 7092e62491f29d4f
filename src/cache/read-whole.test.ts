/** Whole reads: one request, one version, the copy when nothing else is to be had. */
import { describe, expect, test } from "vitest";
import { noise, openBench, readAll, readText, unreachable } from "../../tests/cache-bench.ts";
import { EntrepotError } from "../error/index.ts";
import { BytesSink, defaultRetryPolicy, singleAttempt } from "../store/index.ts";

describe("online", () => {
  test("the first read asks once, the next asks once more and moves no body", async () => {
    const { cached, wire, put } = await openBench();
    await put("a.txt", "hello");
    expect(await readText(cached, "a.txt")).toBe("hello");
    expect(wire.take()).toEqual(["read a.txt"]);
    expect(await readText(cached, "a.txt")).toBe("hello");
    expect(wire.take()).toEqual(["read a.txt if-none-match: not-modified"]);
  });

  test("a new version comes with the request that asks for it, and takes the old one's place", async () => {
    const { cached, wire, put, cache } = await openBench();
    await put("a.txt", "old");
    await readText(cached, "a.txt");
    await put("a.txt", "newer");
    wire.take();
    expect(await readText(cached, "a.txt")).toBe("newer");
    expect(wire.take()).toEqual(["read a.txt if-none-match"]);
    expect(await readText(cached, "a.txt")).toBe("newer");
    expect(wire.take()).toEqual(["read a.txt if-none-match: not-modified"]);
    expect(await cache.stats()).toMatchObject({ objects: 1, sizeBytes: 5 });
  });

  test.each([0, 1, 262_143, 262_144, 262_145, 1_500_000])("%i bytes come back cold, warm and offline", async (size) => {
    const { cached, wrap, put } = await openBench();
    const bytes = noise(size);
    await put("a", bytes);
    for (const store of [cached, cached, wrap({ network: "offline" })]) {
      expect(Buffer.compare(await readAll(store, "a"), bytes)).toBe(0);
    }
  });

  test("the copy outlives the process", async () => {
    const { cached, reopen, wrap, wire, put } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.take();
    expect(await readText(wrap({}, reopen({ bootId: "boot-2" })), "a")).toBe("1");
    expect(wire.take()).toEqual(["read a if-none-match: not-modified"]);
  });

  test("within maxAge nothing is asked, at its end it is", async () => {
    const { wrap, wire, put, clock } = await openBench();
    const aged = wrap({ maxAgeMs: 1_000 });
    await put("a", "1");
    await readText(aged, "a");
    wire.take();
    clock.nowMs += 999;
    expect(await readText(aged, "a")).toBe("1");
    expect(wire.take()).toEqual([]);
    clock.nowMs += 1;
    await readText(aged, "a");
    expect(wire.take()).toEqual(["read a if-none-match: not-modified"]);
    clock.nowMs += 999;
    await readText(aged, "a");
    expect(wire.take()).toEqual([]);
  });

  test("a clock that went back makes nothing fresh", async () => {
    const { wrap, wire, put, clock } = await openBench();
    const aged = wrap({ maxAgeMs: 1_000 });
    await put("a", "1");
    await readText(aged, "a");
    wire.take();
    clock.nowMs -= 3_600_000;
    await readText(aged, "a");
    expect(wire.take()).toHaveLength(1);
  });

  test("an object that is gone leaves nothing behind, and one that comes back is seen at once", async () => {
    const { cached, store, wrap, put, cache } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    await store.delete("a");
    await expect(readText(cached, "a")).rejects.toMatchObject({ code: "not-found" });
    expect((await cache.stats()).objects).toBe(0);
    await expect(readText(wrap({ network: "offline" }), "a")).rejects.toMatchObject({ code: "not-cached" });
    await put("a", "2");
    expect(await readText(cached, "a")).toBe("2");
  });

  test.each(["forbidden", "unauthenticated", "server-error", "throttled", "protocol"] as const)(
    "%s is an error and no reason to give the copy, which stays",
    async (code) => {
      const { cached, wrap, wire, put, stale } = await openBench();
      await put("a", "1");
      await readText(cached, "a");
      wire.down = new EntrepotError(code, "no");
      await expect(readText(cached, "a")).rejects.toMatchObject({ code });
      expect(stale).toEqual([]);
      expect(await readText(wrap({ network: "offline" }), "a")).toBe("1");
    },
  );

  test("refresh fetches everything again, bypass neither uses nor fills", async () => {
    const { cached, wire, put, cache } = await openBench();
    await put("a", "1");
    expect(await readText(cached, "a", { cache: "bypass" })).toBe("1");
    expect((await cache.stats()).objects).toBe(0);
    await readText(cached, "a");
    wire.take();
    expect(await readText(cached, "a", { cache: "refresh" })).toBe("1");
    expect(wire.take()).toEqual(["read a"]);
    expect((await cache.stats()).objects).toBe(1);
  });

  test("a condition on the copy's version is answered by one request, one on another version by the server", async () => {
    const { cached, wire, put } = await openBench();
    const first = await put("a", "1");
    await readText(cached, "a");
    wire.take();
    expect(await readText(cached, "a", { ifMatch: first })).toBe("1");
    expect(await cached.read("a", new BytesSink(), { ifNoneMatch: first })).toBe("not-modified");
    expect(wire.take()).toEqual(["read a if-none-match: not-modified", "read a if-none-match: not-modified"]);
    const second = await put("a", "2");
    await expect(readText(cached, "a", { ifMatch: first })).rejects.toMatchObject({ code: "precondition-failed" });
    expect(await readText(cached, "a", { ifMatch: second })).toBe("2");
    expect(await readText(cached, "a", { ifNoneMatch: first })).toBe("2");
  });

  test("an object without an ETag is read, and not kept", async () => {
    const { cached, store, cache } = await openBench();
    await store.write("a", new Uint8Array([1]));
    const { read } = store;
    store.read = (key, sink, options) =>
      read.call(
        store,
        key,
        {
          ...sink,
          start: (info, range) => sink.start({ ...info, etag: "" }, range),
          write: (chunk) => sink.write(chunk),
        },
        options,
      );
    expect(await readAll(cached, "a")).toEqual(new Uint8Array([1]));
    expect((await cache.stats()).objects).toBe(0);
  });
});

describe("with the network gone", () => {
  test("the copy comes in the same call, with its age, after one quick try", async () => {
    const { cached, wire, put, clock, stale } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.take();
    clock.nowMs += 5_000;
    wire.down = unreachable();
    expect(await readText(cached, "a")).toBe("1");
    expect(wire.take()).toEqual(["read a if-none-match"]);
    const timeouts = { connectMs: 2_000, firstByteMs: 5_000 };
    expect(wire.lastRead?.untilStarted).toEqual({ retry: singleAttempt, timeouts });
    expect(stale).toEqual([{ uri: "s3://bucket/a", ageMs: 5_000 }]);
  });

  test("a caller with less patience still has it", async () => {
    const { cached, wire, put } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    for (const [connectMs, expected] of [
      [500, 500],
      [9_000, 2_000],
    ] as const) {
      const timeouts = { connectMs, firstByteMs: connectMs, idleMs: 7 };
      await readText(cached, "a", { timeouts });
      const bounds = { connectMs: expected, firstByteMs: Math.min(connectMs, 5_000), idleMs: 7 };
      expect(wire.lastRead).toMatchObject({ untilStarted: { timeouts: bounds }, timeouts });
    }
  });

  test("nothing is tried for 30 seconds, then one read tries", async () => {
    const { cached, wire, put, clock, stale } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.down = unreachable();
    await readText(cached, "a");
    wire.take();
    clock.nowMs += 29_999;
    await readText(cached, "a");
    expect(wire.take()).toEqual([]);
    clock.nowMs += 1;
    await readText(cached, "a");
    expect(wire.take()).toHaveLength(1);
    clock.nowMs += 30_000;
    wire.down = undefined;
    await put("a", "2");
    expect(await readText(cached, "a")).toBe("2");
    expect(stale).toHaveLength(3);
  });

  test("without a copy the store gets all its patience, also while the circuit is open", async () => {
    const { cached, wire, put } = await openBench();
    await put("a", "1");
    await put("b", "2");
    await readText(cached, "a");
    wire.down = unreachable();
    await readText(cached, "a");
    await expect(readText(cached, "b")).rejects.toMatchObject({ code: "unreachable" });
    expect(wire.lastRead?.retry).toBeUndefined();
    wire.down = undefined;
    expect(await readText(cached, "b")).toBe("2");
    // That it worked is known to all.
    wire.take();
    await readText(cached, "a");
    expect(wire.take()).toHaveLength(1);
  });

  test("online never falls back", async () => {
    const { cached, wrap, wire, put } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.down = unreachable();
    await expect(readText(wrap({ network: "online" }), "a")).rejects.toMatchObject({ code: "unreachable" });
    expect(wire.lastRead?.retry).toBeUndefined();
  });

  test("offline asks nothing: the copy and its age, or not-cached with the way out", async () => {
    const { cached, wrap, wire, put, stale } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.take();
    const offline = wrap({ network: "offline" });
    expect(await readText(offline, "a")).toBe("1");
    await expect(readText(offline, "b")).rejects.toMatchObject({
      code: "not-cached",
      uri: "s3://bucket/b",
      hint: expect.stringContaining('entrepot path "s3://bucket/b"'),
    });
    expect(wire.take()).toEqual([]);
    expect(stale).toEqual([{ uri: "s3://bucket/a", ageMs: 0 }]);
  });

  test("a server that is there but busy gets all its patience before the read fails", async () => {
    const { cached, wire, put } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.take();
    wire.down = new EntrepotError("throttled", "slow down");
    await expect(readText(cached, "a", { retry: defaultRetryPolicy })).rejects.toMatchObject({ code: "throttled" });
    expect(wire.take()).toHaveLength(2);
    expect(wire.lastRead?.retry).toEqual(defaultRetryPolicy);
  });

  test("what the store gives up on in mid-read is an error, neither finished here nor kept", async () => {
    const { cached, wrap, wire, put } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    await put("a", noise(1_000_000));
    wire.take();
    wire.cutAfter = { bytes: 300_000, error: unreachable(), times: 1 };
    await expect(readAll(cached, "a")).rejects.toMatchObject({ code: "unreachable" });
    expect(wire.take()).toEqual(["read a if-none-match"]);
    expect(await readText(wrap({ network: "offline" }), "a")).toBe("1");
  });

  test("a probe that is answered lets the others ask before its body is there", async () => {
    const { cached, wire, put, clock } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    wire.down = unreachable();
    await readText(cached, "a");
    clock.nowMs += 30_000;
    wire.down = undefined;
    await put("a", "2");
    wire.take();
    const other = await new Promise<string>((resolve) => {
      const start = () => resolve(readText(cached, "a", { range: { start: 0 } }));
      void cached.read("a", { start, write: () => undefined });
    });
    expect(other).toBe("2");
    expect(wire.take()).toHaveLength(2);
  });
});
