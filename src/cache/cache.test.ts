/** The cache as its users see it, on a real folder in front of a store in memory. */
import { describe, expect, test } from "vitest";
import { BytesSink } from "../store/index.ts";
import { bench, text } from "./test-bench.ts";

describe("a whole read", () => {
  test("comes from the server once and then costs one conditional request without a body", async () => {
    const { cached, log, put } = await bench();
    await put("a.txt", "hello");
    expect(await text(cached, "a.txt")).toBe("hello");
    expect(log.take()).toEqual(["read a.txt"]);
    expect(await text(cached, "a.txt")).toBe("hello");
    expect(log.take()).toEqual(["read a.txt if-none-match: not-modified"]);
  });

  test("brings a new version in the same request that asks for it, and keeps it", async () => {
    const { cached, log, put, cache } = await bench();
    await put("a.txt", "old");
    await text(cached, "a.txt");
    await put("a.txt", "newer");
    log.take();
    expect(await text(cached, "a.txt")).toBe("newer");
    expect(log.take()).toEqual(["read a.txt if-none-match"]);
    expect(await text(cached, "a.txt")).toBe("newer");
    expect(log.take()).toEqual(["read a.txt if-none-match: not-modified"]);
    expect(await cache.stats()).toMatchObject({ objects: 1, sizeBytes: 5 });
  });
});
void BytesSink;
