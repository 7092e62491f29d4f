/** Held copies: real files that stay where they are while they are held. */
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noise, openBench, readText, unreachable } from "../../tests/cache-bench.ts";
import { nodeFsOperations, openNodeDisk } from "../disk/index.ts";
import type { BodySink, ObjectInfo } from "../store/index.ts";

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe("a held copy", () => {
  test.each([3, 1_000_000])("of %i bytes is a file with the object's suffix and mode 0600", async (size) => {
    const { cached, put } = await openBench();
    const etag = await put("dir/table.csv", noise(size));
    const held = await cached.hold("dir/table.csv");
    expect(held.path).toMatch(/\.csv$/);
    expect(held.info).toMatchObject({ key: "dir/table.csv", etag, sizeBytes: size });
    expect(Buffer.compare(await readFile(held.path), noise(size))).toBe(0);
    expect((await stat(held.path)).mode & 0o777).toBe(0o600);
    await held.close();
    await held.close();
  });

  test("is not touched by prune, clear or a new version until it is closed", async () => {
    const { cached, cache, put } = await openBench();
    await put("a", "old");
    const held = await cached.hold("a");
    expect((await cache.clear()).objects).toBe(0);
    expect((await cache.prune({ maxBytes: 0 })).objects).toBe(0);
    await put("a", "new");
    expect(await readText(cached, "a")).toBe("new");
    expect(await readFile(held.path, "utf8")).toBe("old");
    await held.close();
    await cache.close();
    expect(await exists(held.path)).toBe(false);
  });

  test("that another process replaced meanwhile goes when it is closed: nobody else would take it away", async () => {
    const { cached, cache, put, dir } = await openBench();
    await put("a", "old");
    const held = await cached.hold("a");
    // The other process took the record away, and left the data, since there is a lease.
    for (const name of await readdir(dir, { recursive: true })) if (name.endsWith(".json")) await rm(join(dir, name));
    expect(await readFile(held.path, "utf8")).toBe("old");
    await held.close();
    await cache.close();
    expect(await exists(held.path)).toBe(false);
  });

  test("of a version that came back meanwhile stays after it is closed", async () => {
    const { cached, store, wired, cache } = await openBench();
    const { read } = wired;
    // ETags that are made of the content, as those of S3.
    const named = (info: ObjectInfo) => ({ ...info, etag: `"${info.sizeBytes}"` });
    wired.read = async (key, sink, options) => {
      const renaming: BodySink = {
        start: (info, range) => sink.start(named(info), range),
        write: (c) => sink.write(c),
      };
      const result = await read(key, renaming, { ...options, ifNoneMatch: undefined });
      return result === "not-modified" ? result : { ...result, info: named(result.info) };
    };
    await store.write("a", noise(1));
    const held = await cached.hold("a");
    await store.write("a", noise(2));
    await (await cached.hold("a")).close();
    await store.write("a", noise(1));
    const again = await cached.hold("a");
    await held.close();
    await cache.close();
    // Under one name, whoever takes the old one away could take the new one.
    expect(again.path).not.toBe(held.path);
    expect(await exists(held.path)).toBe(false);
    expect(await exists(again.path)).toBe(true);
    await again.close();
    await cache.close();
    expect(await exists(again.path)).toBe(true);
  });

  test("comes from the copy with one conditional request, and offline with none", async () => {
    const { cached, wrap, wire, put } = await openBench();
    await put("a", noise(1_000_000));
    await (await cached.hold("a")).close();
    wire.take();
    await (await cached.hold("a")).close();
    expect(wire.take()).toEqual(["read a if-none-match: not-modified"]);
    await (await wrap({ network: "offline" }).hold("a")).close();
    expect(wire.take()).toEqual([]);
  });

  test("with the network gone is the old one, with its age", async () => {
    const { cached, wire, put, stale } = await openBench();
    await put("a", "1");
    await (await cached.hold("a")).close();
    wire.down = unreachable();
    const held = await cached.hold("a");
    expect(await readFile(held.path, "utf8")).toBe("1");
    expect(stale).toHaveLength(1);
  });

  test("that its user wrote to is fetched again for the next one", async () => {
    const { cached, put } = await openBench();
    for (const size of [10, 1_000_000]) {
      await put("a", noise(size));
      const held = await cached.hold("a");
      await writeFile(held.path, noise(size, 99));
      await held.close();
      const next = await cached.hold("a");
      expect(Buffer.compare(await readFile(next.path), noise(size))).toBe(0);
      await next.close();
    }
  });

  test("from before a restart of the machine is read once before its path is given out", async () => {
    const { cached, wrap, reopen, put, wire } = await openBench();
    await put("a", noise(1_000_000));
    const held = await cached.hold("a");
    const { mtime, atime } = await stat(held.path);
    await held.close();
    // What a power loss can leave: the length is right, the bytes are not, and the times say nothing.
    await writeFile(held.path, noise(1_000_000, 99));
    const { utimes } = await import("node:fs/promises");
    await utimes(held.path, atime, mtime);
    wire.take();
    const next = await wrap({}, reopen({ bootId: "boot-2" })).hold("a");
    expect(Buffer.compare(await readFile(next.path), noise(1_000_000))).toBe(0);
    expect(wire.take()).toEqual(["read a if-none-match: not-modified", "read a"]);
  });

  test("is read whole before its path is given out once after each start of the machine, and not again", async () => {
    let readBytes = 0;
    const counted = <T extends (...args: never[]) => unknown>(read: T) =>
      ((...args: never[]) => {
        readBytes += Number(args[3]);
        return read(...args);
      }) as T;
    const operations = {
      ...nodeFsOperations,
      read: counted(nodeFsOperations.read),
      readLater: counted(nodeFsOperations.readLater),
    };
    const { cached, wrap, reopen, put } = await openBench();
    await put("a", noise(1_000_000));
    await (await cached.hold("a")).close();
    const costOf = async (bootId: string) => {
      readBytes = 0;
      const cache = reopen({ bootId, disk: openNodeDisk({ operations }) });
      await (await wrap({}, cache).hold("a")).close();
      await cache.close();
      return readBytes;
    };
    expect(await costOf("boot-1")).toBeLessThan(100_000);
    expect(await costOf("boot-2")).toBeGreaterThan(1_000_000);
    expect(await costOf("boot-2")).toBeLessThan(100_000);
  });

  test("of what the cache may not or cannot keep is a temporary file that goes when it is closed", async () => {
    const { cached, wrap, reopen, put, dir, cache } = await openBench();
    await put("a.csv", "1");
    const bypass = await cached.hold("a.csv", { cache: "bypass" });
    expect(bypass.path).toMatch(/\.csv$/);
    expect(await readFile(bypass.path, "utf8")).toBe("1");
    expect((await cache.stats()).objects).toBe(0);
    await bypass.close();
    expect(await exists(bypass.path)).toBe(false);

    await writeFile(`${dir}-file`, "");
    const broken = wrap({}, reopen({ dir: `${dir}-file`, tempDir: async () => `${dir}-temp` }));
    const held = await broken.hold("a.csv");
    expect(held.path.startsWith(`${dir}-temp/`)).toBe(true);
    expect(await readFile(held.path, "utf8")).toBe("1");
    await held.close();
    expect(await exists(held.path)).toBe(false);
  });
});

describe("holdIfPresent", () => {
  test("gives the copy if it is current, and fetches nothing", async () => {
    const { cached, wire, put } = await openBench();
    await put("a", "1");
    expect(await cached.holdIfPresent("a")).toBeUndefined();
    expect(wire.take()).toEqual([]);
    await readText(cached, "a");
    wire.take();
    const held = await cached.holdIfPresent("a");
    expect(await readFile(held?.path ?? "", "utf8")).toBe("1");
    expect(wire.take()).toEqual(["stat a"]);
    await held?.close();
    await put("a", "2");
    expect(await cached.holdIfPresent("a")).toBeUndefined();
    expect(wire.take()).toEqual(["stat a"]);
  });

  test("offline gives the copy or not-cached", async () => {
    const { cached, wrap, put } = await openBench();
    const offline = wrap({ network: "offline" });
    await expect(offline.holdIfPresent("a")).rejects.toMatchObject({ code: "not-cached" });
    await put("a", "1");
    await readText(cached, "a");
    await (await offline.holdIfPresent("a"))?.close();
  });
});
