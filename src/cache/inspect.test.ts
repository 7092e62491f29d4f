/** `stat` through the cache. */
import { expect, test } from "vitest";
import { bytesOf, openBench, readText, unreachable } from "../../tests/cache-bench.ts";

test("stat asks the server, and the record when nobody answers", async () => {
  const { cached, wrap, wire, put, stale, clock } = await openBench();
  const etag = await put("a", "1");
  expect(await cached.stat("a")).toMatchObject({ etag, sizeBytes: 1 });
  await readText(cached, "a");
  wire.take();
  expect(await cached.stat("a")).toMatchObject({ etag });
  expect(wire.take()).toEqual(["stat a"]);
  wire.down = unreachable();
  clock.nowMs += 7;
  expect(await cached.stat("a")).toMatchObject({ etag, sizeBytes: 1 });
  expect(stale).toEqual([{ uri: "s3://bucket/a", ageMs: 7 }]);
  await expect(cached.stat("b")).rejects.toMatchObject({ code: "unreachable" });
  await expect(wrap({ network: "online" }).stat("a")).rejects.toMatchObject({ code: "unreachable" });
});

test("offline, stat knows what is here, and that it does not know the rest", async () => {
  const { cached, wrap, put } = await openBench();
  const offline = wrap({ network: "offline" });
  const etag = await put("a", "1");
  await readText(cached, "a");
  expect(await offline.stat("a")).toMatchObject({ etag });
  await expect(offline.stat("b")).rejects.toMatchObject({ code: "not-cached" });
});

test("a record whose data is gone knows nothing", async () => {
  const { cached, wrap, put } = await openBench();
  await put("a", "1");
  await readText(cached, "a");
  const { unlink } = await import("node:fs/promises");
  await unlink((await cached.pathOf("a")) ?? "");
  await expect(wrap({ network: "offline" }).stat("a")).rejects.toMatchObject({ code: "not-cached" });
});

test("what stat learns is used: gone, replaced, still the same", async () => {
  const { wrap, store, wire, put, cache, clock } = await openBench();
  const aged = wrap({ maxAgeMs: 1_000 });
  await put("a", "1");
  await readText(aged, "a");
  clock.nowMs += 1_000;
  await aged.stat("a");
  wire.take();
  expect(await readText(aged, "a")).toBe("1");
  expect(wire.take()).toEqual([]);
  clock.nowMs += 1_000;
  await put("a", "2");
  await aged.stat("a");
  clock.nowMs -= 1_000;
  expect(await readText(aged, "a")).toBe("2");
  await store.delete("a");
  clock.nowMs += 2_000;
  await expect(aged.stat("a")).rejects.toMatchObject({ code: "not-found" });
  expect((await cache.stats()).objects).toBe(0);
});

test("of our own write, the server's word is asked once and then known", async () => {
  const { wrap, wire, store } = await openBench();
  const aged = wrap({ maxAgeMs: 60_000 });
  await aged.write("a", bytesOf("1"), { contentType: "text/plain" });
  wire.take();
  expect(await aged.stat("a")).toEqual(await store.stat("a"));
  expect(await aged.stat("a")).toEqual(await store.stat("a"));
  expect(wire.take()).toEqual(["stat a"]);
});
