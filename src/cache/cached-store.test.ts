/** A cached store is a store: it passes the contract of all stores, and refuses offline what it cannot keep its word on. */
import { describe, expect, test } from "vitest";
import { openBench, readText, unreachable } from "../../tests/cache-bench.ts";
import { openMemoryStore } from "../store/index.ts";
import { storeContract } from "../testing/index.ts";

describe("the store contract, through the cache", () => {
  const open = async () => ({ store: (await openBench()).cached, close: async () => undefined });
  for (const { name, run } of storeContract({ open, traits: { keepsMetadata: true } })) test(name, run);
});

describe("the store contract, through a cache that keeps everything fresh for a day", () => {
  const open = async () => ({
    store: (await openBench({ maxAgeMs: 86_400_000 })).cached,
    close: async () => undefined,
  });
  for (const { name, run } of storeContract({ open, traits: { keepsMetadata: true, listSizes: [3] } })) test(name, run);
});

describe("offline", () => {
  test("what would change the server fails at once, before a byte of the body is read, and is not worth retrying", async () => {
    const { wrap, wire } = await openBench();
    const offline = wrap({ network: "offline" });
    let opened = 0;
    const body = {
      sizeBytes: 1,
      open: async function* () {
        opened += 1;
        yield new Uint8Array(1);
      },
    };
    const other = openMemoryStore();
    for (const call of [
      () => offline.write("a", body),
      () => offline.delete("a"),
      () => offline.copyFrom({ store: other, key: "b" }, "a"),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "unreachable", retryable: false, hint: expect.any(String) });
    }
    expect(opened).toBe(0);
    expect(wire.take()).toEqual([]);
  });

  test("a listing is not known, and its way out is no circle", async () => {
    const { wrap, wire } = await openBench();
    const pages = wrap({ network: "offline" }).list({ prefix: "x/" })[Symbol.asyncIterator]();
    const error = await pages.next().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "not-cached",
      uri: "s3://bucket/x/",
      hint: expect.stringMatching(/entrepot cache pin "s3:\/\/bucket\/x\/".*entrepot cache list "s3:\/\/bucket\/x\/"/),
    });
    expect(error).not.toMatchObject({ hint: expect.stringContaining("entrepot path") });
    expect(wire.take()).toEqual([]);
  });

  test("what asks past the cache fails, too", async () => {
    const { cached, wrap, put } = await openBench();
    await put("a", "1");
    await readText(cached, "a");
    const offline = wrap({ network: "offline" });
    for (const cache of ["bypass", "refresh"] as const) {
      await expect(readText(offline, "a", { cache })).rejects.toMatchObject({ code: "unreachable", retryable: false });
      await expect(offline.stat("a", { cache })).rejects.toMatchObject({ code: "unreachable" });
      await expect(offline.hold("a", { cache })).rejects.toMatchObject({ code: "unreachable" });
    }
  });
});

test("a copy between two stores of one kind works through their caches", async () => {
  const { cached, put } = await openBench();
  await put("a", "1");
  expect(await cached.copyFrom({ store: cached, key: "a" }, "b")).toBeDefined();
  expect(await readText(cached, "b")).toBe("1");
});

test("stores whose identities differ share no entry", async () => {
  const { wrap, wire, put, cache } = await openBench();
  await put("a", "1");
  for (const identity of [
    ["s3", "https://one", "b"],
    ["s3", "https://two", "b"],
    ["s3", "https://one", "b", "anonymous"],
  ]) {
    await readText(wrap({ identity }), "a");
  }
  expect(wire.take()).toEqual(["read a", "read a", "read a"]);
  expect((await cache.stats()).objects).toBe(3);
});

test("a path is given only while there is a copy", async () => {
  const { cached, put } = await openBench();
  expect(await cached.pathOf("dir/a.csv.gz")).toBeUndefined();
  await put("dir/a.csv.gz", "1");
  await readText(cached, "dir/a.csv.gz");
  expect(await cached.pathOf("dir/a.csv.gz")).toMatch(
    /^\/.*\/objects\/v1\/[0-9a-f]{2}\/[0-9a-f]{64}-[0-9a-f]{16}\.csv\.gz$/,
  );
  expect(await cached.pathOf("dir/a.csv.gz", "v1")).toBeUndefined();
});

test("nothing but a folder is made before something is kept", async () => {
  const { cached, dir, wire } = await openBench();
  wire.down = unreachable();
  await expect(readText(cached, "a")).rejects.toMatchObject({ code: "unreachable" });
  const { readdir } = await import("node:fs/promises");
  expect(await readdir(dir, { recursive: true })).toEqual(["objects", "objects/v1", "objects/v1/locks"]);
});
