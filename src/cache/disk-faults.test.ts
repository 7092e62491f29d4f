/** The disk fails at every operation in turn: reads and writes go on, and no byte is ever wrong. */
import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Bench, bytesOf, noise, openBench, readAll } from "../../tests/cache-bench.ts";
import { type FsOperations, nodeFsOperations, openNodeDisk } from "../disk/index.ts";
import { isEntrepotError } from "../error/index.ts";

interface Fault {
  /** Which operation fails first, from 1. */
  n: number;
  /** Whether all after it fail, too. */
  forever: boolean;
  errno: string;
  count: number;
}

function failing(fault: Fault): FsOperations {
  const fail = () => {
    fault.count += 1;
    if (fault.count === fault.n || (fault.forever && fault.count > fault.n)) {
      throw Object.assign(new Error(`${fault.errno}: injected`), { code: fault.errno, errno: -1 });
    }
  };
  const entries = Object.entries(nodeFsOperations).map(([name, operation]) => {
    // A descriptor that cannot be closed would only leak into the test.
    if (name === "close") return [name, operation];
    return [
      name,
      (...args: never[]) => {
        if (!name.endsWith("Later")) fail();
        else {
          try {
            fail();
          } catch (error) {
            return Promise.reject(error);
          }
        }
        return (operation as (...given: never[]) => unknown)(...args);
      },
    ];
  });
  return Object.fromEntries(entries) as FsOperations;
}

/** All that a cache is used for, with the bytes held against what they may be. Gives how often something had to fail. */
async function everything(bench: Bench, size: number): Promise<void> {
  const { cached, wrap, put, cache } = bench;
  const offline = wrap({ network: "offline" });
  const versions = [1, 2, 3].map((seed) => noise(size, seed));
  const isOne = (bytes: Uint8Array) => versions.some((version) => Buffer.compare(version, bytes) === 0);
  const [one, two, three] = versions as [Uint8Array, Uint8Array, Uint8Array];
  const same = (read: Uint8Array, wanted: Uint8Array) => expect(Buffer.compare(read, wanted)).toBe(0);
  const lenient = async (read: Promise<Uint8Array>) => {
    try {
      expect(isOne(await read)).toBe(true);
    } catch (error) {
      expect(isEntrepotError(error, "not-cached") ? "fine" : error).toBe("fine");
    }
  };
  await put("a.bin", one);
  same(await readAll(cached, "a.bin"), one);
  same(await readAll(cached, "a.bin"), one);
  await lenient(readAll(offline, "a.bin"));
  await put("a.bin", two);
  same(await readAll(cached, "a.bin", { range: { start: 10, end: 20 } }), two.slice(10, 20));
  same(await readAll(cached, "a.bin"), two);
  same(await readAll(cached, "a.bin", { range: { start: 10, end: 20 } }), two.slice(10, 20));
  await cached.write("a.bin", three);
  same(await readAll(cached, "a.bin"), three);
  await lenient(readAll(offline, "a.bin"));
  try {
    const held = await cached.hold("a.bin");
    const { readFile } = await import("node:fs/promises");
    same(await readFile(held.path), three);
    await held.close();
  } catch (error) {
    expect(isEntrepotError(error) ? "fine" : error).toBe("fine");
  }
  const typed = (error: unknown) =>
    expect(isEntrepotError(error, "not-found") ? error : isEntrepotError(error)).toBe(true);
  await cache.verify({ repair: true }).catch(typed);
  same(await readAll(cached, "a.bin"), three);
  await cache.prune({ maxBytes: 1 }).catch(typed);
  await cache.stats().catch(typed);
  await cached.stat("a.bin");
  await cached.delete("a.bin");
  await cached.write("b.bin", bytesOf("b"));
  await cache.close();
}

// Every operation for one error and small objects; the whole table takes more than a minute.
const kinds = [
  { errno: "EIO", forever: false, step: 1 },
  { errno: "ENOSPC", forever: true, step: 7 },
  { errno: "EMFILE", forever: false, step: 7 },
  { errno: "EACCES", forever: true, step: 7 },
] as const;

describe.each([4_096, 600_000])("with objects of %i bytes", (size) => {
  test.each(kinds)(
    "$errno at the Nth operation (forever: $forever) is survived",
    async ({ step, ...kind }) => {
      let n = 1;
      for (let failed = true; failed; n += size > 300_000 ? 5 * step : step) {
        const fault: Fault = { ...kind, n, count: 0 };
        const bench = await openBench({ disk: openNodeDisk({ operations: failing(fault) }) });
        await everything(bench, size);
        failed = fault.count >= n;
        const left = (await readdir(bench.dir, { recursive: true }).catch(() => [])).filter((name) =>
          /\.tmp@/.test(name),
        );
        if (!kind.forever) expect(left).toEqual([]);
        // A healthy disk afterwards: whatever was left behind does no harm.
        await bench.put("a.bin", noise(size, 2));
        const mended = bench.wrap({}, bench.reopen({ disk: openNodeDisk() }));
        expect(Buffer.compare(await readAll(mended, "a.bin"), noise(size, 2))).toBe(0);
        expect(bench.warnings.length).toBeLessThanOrEqual(2);
      }
      expect(n).toBeGreaterThan(50);
    },
    60_000,
  );
});
