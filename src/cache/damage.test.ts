/** Whatever happens to the files of an entry: online the right bytes in the same call, offline a typed error. */
import { mkdir, readFile, rename, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bench, noise, openBench, readAll, unreachable } from "../../tests/cache-bench.ts";
import type { EntrepotError } from "../error/index.ts";

interface Target {
  readonly bench: Bench;
  /** The data file. */
  readonly data: string;
  readonly record: string;
  /** A whole entry that is not the one that is read. */
  readonly otherData: string;
  readonly otherRecord: string;
  /** In [0, 1). */
  readonly at: number;
}

const flip = async (path: string, at: number) => {
  const bytes = await readFile(path);
  const index = Math.floor(at * bytes.length);
  bytes[index] = (bytes[index] ?? 0) ^ (1 << Math.floor(at * 8));
  await writeFile(path, bytes);
};
const swap = async (one: string, two: string) => {
  await rename(one, `${one}.x`);
  await rename(two, one);
  await rename(`${one}.x`, two);
};
const folderAt = async (path: string) => {
  await unlink(path);
  await mkdir(join(path, "sub"), { recursive: true });
};

const damages: Readonly<Record<string, (target: Target) => Promise<void>>> = {
  "data of zero length": ({ data }) => truncate(data, 0),
  "data cut": async ({ data, at }) => truncate(data, Math.floor(at * (await readFile(data)).length)),
  "data too long": async ({ data }) => writeFile(data, "x", { flag: "a" }),
  "a bit of the data flipped": ({ data, at }) => flip(data, at),
  "other bytes of the same length": async ({ data }) => writeFile(data, noise((await readFile(data)).length, 77)),
  "data gone": ({ data }) => unlink(data),
  "a folder in place of the data": ({ data }) => folderAt(data),
  "a link in place of the data": async ({ data, otherData }) => {
    await unlink(data);
    await symlink(otherData, data);
  },
  "record of zero length": ({ record }) => truncate(record, 0),
  "record cut": async ({ record, at }) => truncate(record, Math.floor(at * (await readFile(record)).length)),
  "a bit of the record flipped": ({ record, at }) => flip(record, at),
  "garbage for a record": ({ record }) => writeFile(record, noise(500, 5)),
  "another format's record": ({ record }) => writeFile(record, '{"v":2}'),
  "record gone": ({ record }) => unlink(record),
  "a folder in place of the record": ({ record }) => folderAt(record),
  "a link in place of the record": async ({ record, otherRecord }) => {
    await unlink(record);
    await symlink(otherRecord, record);
  },
  "another entry's record": async ({ record, otherRecord }) => writeFile(record, await readFile(otherRecord)),
  "two entries' data swapped": ({ data, otherData }) => swap(data, otherData),
  "two entries' records swapped": ({ record, otherRecord }) => swap(record, otherRecord),
  "two entries swapped": async ({ data, otherData, record, otherRecord }) => {
    await swap(data, otherData);
    await swap(record, otherRecord);
  },
};

const recordOf = (data: string) => data.replace(/-[0-9a-f]{16}(?:\.[^/]*)?$/, ".json");

async function damaged(name: string, size: number, at: number): Promise<{ bench: Bench; bytes: Uint8Array }> {
  const bench = await openBench();
  const bytes = noise(size, 11);
  await bench.put("a.bin", bytes);
  await bench.put("b.bin", noise(size, 22));
  await readAll(bench.cached, "a.bin");
  await readAll(bench.cached, "b.bin");
  const data = (await bench.cached.pathOf("a.bin")) ?? "";
  const otherData = (await bench.cached.pathOf("b.bin")) ?? "";
  await damages[name]?.({ bench, data, otherData, at, record: recordOf(data), otherRecord: recordOf(otherData) });
  bench.wire.take();
  return { bench, bytes };
}

const range = (size: number) => ({ start: Math.floor(size / 3), end: Math.ceil(size / 2) });

describe.each([4_096, 900_000])("an entry of %i bytes with", (size) => {
  test.each(Object.keys(damages))("%s heals online, in the same call and for good", async (name) => {
    const { bench, bytes } = await damaged(name, size, 0.4);
    expect(Buffer.compare(await readAll(bench.cached, "a.bin"), bytes)).toBe(0);
    bench.wire.take();
    expect(Buffer.compare(await readAll(bench.wrap({ network: "offline" }), "a.bin"), bytes)).toBe(0);
    expect(Buffer.compare(await readAll(bench.cached, "b.bin"), noise(size, 22))).toBe(0);
  });

  test.each(Object.keys(damages))("%s gives ranges and held copies of the right bytes", async (name) => {
    const { bench, bytes } = await damaged(name, size, 0.4);
    const { start, end } = range(size);
    const read = await readAll(bench.cached, "a.bin", { range: { start, end } });
    expect(Buffer.compare(read, bytes.subarray(start, end))).toBe(0);
    const held = await bench.cached.hold("a.bin");
    expect(Buffer.compare(await readFile(held.path), bytes)).toBe(0);
    await held.close();
  });

  test.each(Object.keys(damages))("%s is not-cached offline, and the next one knows of nothing", async (name) => {
    const { bench, bytes } = await damaged(name, size, 0.4);
    const offline = bench.wrap({ network: "offline" });
    const read = await readAll(offline, "a.bin").catch((error: unknown) => error);
    expect(read).toMatchObject({ code: "not-cached", uri: "s3://bucket/a.bin" });
    await expect(offline.hold("a.bin")).rejects.toMatchObject({ code: "not-cached" });
    expect(bench.wire.take()).toEqual([]);
    expect(Buffer.compare(await readAll(bench.cached, "a.bin"), bytes)).toBe(0);
  });
});

test("no damage of any kind at any place gives a wrong byte, not even before it is found", async () => {
  const names = fc.constantFrom(...Object.keys(damages));
  const sizes = fc.constantFrom(1, 4_096, 262_144, 262_145, 900_000);
  const ways = fc.constantFrom("online", "offline", "network gone");
  const places = fc.double({ min: 0, max: 0.999, noNaN: true });
  await fc.assert(
    fc.asyncProperty(names, sizes, places, ways, async (name, size, at, way) => {
      const { bench, bytes } = await damaged(name, size, at);
      if (way === "network gone") bench.wire.down = unreachable();
      const store = way === "offline" ? bench.wrap({ network: "offline" }) : bench.cached;
      const sink = checkingSink(bytes);
      const result = await store.read("a.bin", sink).catch((error: unknown) => error);
      expect(sink.wrong).toBe(0);
      if (way === "online")
        expect([result, sink.received]).toEqual([expect.objectContaining({ info: expect.anything() }), size]);
      else if (result instanceof Error) expect(["not-cached", "unreachable"]).toContain((result as EntrepotError).code);
      else expect(sink.received).toBe(size);
    }),
    { numRuns: 150, seed: 20_261_122 },
  );
});

/** Cannot start again: what it was given once cannot be taken back. */
function checkingSink(expected: Uint8Array) {
  const sink = {
    received: 0,
    wrong: 0,
    start: () => {
      sink.received = 0;
    },
    write: (chunk: Uint8Array) => {
      if (Buffer.compare(chunk, expected.subarray(sink.received, sink.received + chunk.byteLength)) !== 0)
        sink.wrong += 1;
      sink.received += chunk.byteLength;
    },
  };
  return sink;
}
