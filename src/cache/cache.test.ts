/** The cache as its users see it, on a real folder in front of a store in memory. */
import { describe, expect, test } from "vitest";
import { openBench, readText } from "../../tests/cache-bench.ts";

describe("a whole read", () => {
  test("comes from the server once and then costs one conditional request without a body", async () => {
    const { cached, wire, put } = await openBench();
    await put("a.txt", "hello");
    expect(await readText(cached, "a.txt")).toBe("hello");
    expect(wire.take()).toEqual(["read a.txt"]);
    expect(await readText(cached, "a.txt")).toBe("hello");
    expect(wire.take()).toEqual(["read a.txt if-none-match: not-modified"]);
  });

  test("brings a new version in the same request that asks for it, and keeps it", async () => {
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
});
