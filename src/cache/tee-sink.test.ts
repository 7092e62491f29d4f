/** One download, two takers, when the store has to start again. */
import { describe, expect, test } from "vitest";
import { noise, openBench, readAll } from "../../tests/cache-bench.ts";
import { EntrepotError } from "../error/index.ts";

describe("an object that the store sees change in mid-read", () => {
  /** Gives half of an old version and then, if it may, all of the new one. */
  async function changing() {
    const bench = await openBench();
    const [old, now] = [noise(600_000, 1), noise(500_000, 2)];
    await bench.put("a", now);
    const { read } = bench.wired;
    bench.wired.read = async (key, sink, options) => {
      const info = { ...(await bench.store.stat("a")), sizeBytes: old.byteLength, etag: '"old"' };
      sink.start(info, { start: 0, end: old.byteLength });
      await sink.write(old.slice(0, 300_000));
      if (sink.restartable !== true) throw new EntrepotError("changed", "replaced");
      return read(key, sink, options);
    };
    return { ...bench, now };
  }

  test("is read from its start again, and kept, when the reader can start again", async () => {
    const { cached, wrap, now } = await changing();
    expect(Buffer.compare(await readAll(cached, "a"), now)).toBe(0);
    expect(Buffer.compare(await readAll(wrap({ network: "offline" }), "a"), now)).toBe(0);
  });

  test("is an error, and nothing is kept, when the reader cannot", async () => {
    const { cached, cache } = await changing();
    const reading = cached.read("a", { start: () => undefined, write: () => undefined });
    await expect(reading).rejects.toMatchObject({ code: "changed" });
    expect((await cache.stats()).objects).toBe(0);
  });

  test("is held as the new version", async () => {
    const { cached, now } = await changing();
    const held = await cached.hold("a");
    expect(held.info.sizeBytes).toBe(now.byteLength);
    await held.close();
  });
});
