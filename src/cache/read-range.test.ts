/** Ranges: one request each, from one version, through the copy where there is one. */
import { describe, expect, test } from "vitest";
import { noise, openBench, readAll, unreachable } from "../../tests/cache-bench.ts";

const size = 1_000_000;
const ranges = [
  { start: 0, end: 10 },
  { start: 262_100, end: 262_200 },
  { start: 999_990 },
  { suffix: 17 },
  { start: 100, end: 900_000 },
  { start: 5, end: 5 },
  { start: size },
] as const;

const slice = (bytes: Uint8Array, range: (typeof ranges)[number]) =>
  "suffix" in range ? bytes.slice(-range.suffix) : bytes.slice(range.start, "end" in range ? range.end : undefined);

describe.each([size, 999])("a range of %i bytes", (objectBytes) => {
  const fitting = ranges.filter((range) => "suffix" in range || range.start <= objectBytes);

  test("is the same from the server, the confirmed copy and the offline copy", async () => {
    const { cached, wrap, wire, put, cache } = await openBench();
    const bytes = noise(objectBytes);
    await put("a", bytes);
    for (const range of fitting) {
      expect(Buffer.compare(await readAll(cached, "a", { range }), slice(bytes, range))).toBe(0);
    }
    expect((await cache.stats()).objects).toBe(0);
    await readAll(cached, "a");
    wire.take();
    for (const range of fitting) {
      expect(Buffer.compare(await readAll(cached, "a", { range }), slice(bytes, range))).toBe(0);
      expect(wire.take()).toEqual([expect.stringMatching(/^(read a .* if-none-match: not-modified)$/)]);
      expect(Buffer.compare(await readAll(wrap({ network: "offline" }), "a", { range }), slice(bytes, range))).toBe(0);
      expect(wire.take()).toEqual([]);
    }
  });
});

test("a range of a new version comes with the request that asks for it", async () => {
  const { wrap, wire, put } = await openBench();
  const aged = wrap({ maxAgeMs: 60_000 });
  const offline = wrap({ network: "offline" });
  await put("a", noise(size, 1));
  await readAll(aged, "a");
  await put("a", noise(size, 2));
  wire.take();
  const range = { start: 10, end: 20 };
  expect(await readAll(wrap(), "a", { range })).toEqual(noise(size, 2).slice(10, 20));
  expect(wire.take()).toEqual(['read a {"start":0,"end":65536} if-none-match']);
  // The old copy is known to be old, and is all there is offline.
  expect(await readAll(offline, "a", { range })).toEqual(noise(size, 1).slice(10, 20));
  expect(await readAll(aged, "a", { range })).toEqual(noise(size, 2).slice(10, 20));
});

test("a range that begins beyond the copy's end is invalid-range, asked or not", async () => {
  const { cached, wrap, put } = await openBench();
  await put("a", noise(10));
  await readAll(cached, "a");
  for (const store of [cached, wrap({ network: "offline" })]) {
    await expect(readAll(store, "a", { range: { start: 11 } })).rejects.toMatchObject({ code: "invalid-range" });
    await expect(readAll(store, "a", { range: { start: 5, end: 2 } })).rejects.toBeInstanceOf(RangeError);
  }
});

test("a range pinned to a version is of that version or precondition-failed", async () => {
  const { cached, put } = await openBench();
  const first = await put("a", noise(size, 1));
  await readAll(cached, "a");
  const range = { start: 0, end: 4 };
  expect(await readAll(cached, "a", { range, ifMatch: first })).toEqual(noise(size, 1).slice(0, 4));
  const second = await put("a", noise(size, 2));
  await expect(readAll(cached, "a", { range, ifMatch: first })).rejects.toMatchObject({ code: "precondition-failed" });
  expect(await readAll(cached, "a", { range, ifMatch: second })).toEqual(noise(size, 2).slice(0, 4));
});

test("a range of an object that is gone takes the copy with it", async () => {
  const { cached, store, cache, put } = await openBench();
  await put("a", noise(size));
  await readAll(cached, "a");
  await store.delete("a");
  await expect(readAll(cached, "a", { range: { start: 0, end: 4 } })).rejects.toMatchObject({ code: "not-found" });
  expect((await cache.stats()).objects).toBe(0);
});

test("with the network gone the range comes from the copy, with its age", async () => {
  const { cached, wire, put, stale } = await openBench();
  await put("a", noise(size));
  await readAll(cached, "a");
  wire.down = unreachable();
  expect(await readAll(cached, "a", { range: { suffix: 8 } })).toEqual(noise(size).slice(-8));
  expect(stale).toEqual([{ uri: "s3://bucket/a", ageMs: 0 }]);
});
