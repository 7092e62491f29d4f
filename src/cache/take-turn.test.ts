/** Two openings of one folder, as two processes have it: cold objects are fetched by one, and the other never waits in vain. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Bench, noise, openBench, readAll, unreachable } from "../../tests/cache-bench.ts";
import { nodeFsOperations, openNodeDisk } from "../disk/index.ts";
import type { OpenCacheOptions, WrapOptions } from "./index.ts";
import { HandTicks, settled } from "./locks/test-world.fixture.ts";

type Options = Partial<OpenCacheOptions> & Partial<WrapOptions>;

async function openTwo(options: Options = {}, second: Options = {}) {
  const bench = await openBench({ reader: "us", ...options });
  const other = bench.wrap({ reader: "us", ...second }, bench.reopen({ ...options, ...second }));
  return { ...bench, other };
}

/** Lets a request begin, and holds it up until the function that it gives is called. */
function holdUp({ wire }: Pick<Bench, "wire">): () => void {
  let resolve: () => void = () => undefined;
  wire.gate = new Promise<void>((settle) => {
    resolve = settle;
  });
  return () => resolve();
}

async function waits(dir: string): Promise<void> {
  const names = () => readdir(join(dir, "objects/v1/locks")).catch(() => []);
  while (!(await names()).some((name) => name.endsWith(".w"))) await settled();
}

const same = (one: Uint8Array, other: Uint8Array) => expect(Buffer.compare(one, other)).toBe(0);

describe.each([1_000, 3_000_000])("an object of %i bytes that nobody has", (size) => {
  test("is fetched by one; who began to wait after it asked, asks whether that is current", async () => {
    const { cached, other, put, wire, dir } = await openTwo();
    await put("a", noise(size));
    const go = holdUp({ wire });
    const first = readAll(cached, "a");
    while (wire.take().length === 0) await settled();
    const second = readAll(other, "a");
    await waits(dir);
    go();
    same(await first, noise(size));
    same(await second, noise(size));
    expect(wire.take()).toEqual(["read a if-none-match: not-modified"]);
  });

  test("is asked about by who waited with other permissions", async () => {
    const { cached, other, put, wire, dir } = await openTwo({}, { reader: "somebody else" });
    await put("a", noise(size));
    const go = holdUp({ wire });
    const first = readAll(cached, "a");
    while (wire.take().length === 0) await settled();
    const second = readAll(other, "a");
    await waits(dir);
    go();
    same(await first, noise(size));
    same(await second, noise(size));
    expect(wire.take()).toEqual(["read a if-none-match: not-modified"]);
  });

  test("is held by one and read by another with one body", async () => {
    const { cached, other, put, wire, dir } = await openTwo();
    await put("a", noise(size));
    const go = holdUp({ wire });
    const first = cached.hold("a");
    while (wire.take().length === 0) await settled();
    const second = readAll(other, "a");
    await waits(dir);
    go();
    await (await first).close();
    same(await second, noise(size));
    expect(wire.take()).toEqual(["read a if-none-match: not-modified"]);
  });

  test("is fetched by each without locks, and is as right", async () => {
    const { cached, other, put, wire, dir } = await openTwo({ locks: false });
    await put("a", noise(size));
    const go = holdUp({ wire });
    const both = [readAll(cached, "a"), readAll(other, "a")];
    const asked: string[] = [];
    while (asked.length < 2) {
      await settled();
      asked.push(...wire.take());
    }
    expect(asked).toEqual(["read a", "read a"]);
    go();
    for (const bytes of await Promise.all(both)) same(bytes, noise(size));
    expect(await readdir(join(dir, "objects/v1"))).not.toContain("locks");
  });

  test("is fetched by the next when the first one fails; who waited before that one asked takes it without a request", async () => {
    const bench = await openTwo();
    const { cached, other, put, wire, dir } = bench;
    const third = bench.wrap({ reader: "us" }, bench.reopen());
    await put("a", noise(size));
    const go = holdUp({ wire });
    wire.down = unreachable();
    const first = readAll(cached, "a");
    while (wire.take().length === 0) await settled();
    const others = [readAll(other, "a"), readAll(third, "a")];
    await waits(dir);
    for (let turn = 0; turn < 100; turn += 1) await settled();
    const failed = expect(first).rejects.toMatchObject({ code: "unreachable" });
    go();
    await failed;
    wire.down = undefined;
    for (const bytes of await Promise.all(others)) same(bytes, noise(size));
    expect(wire.take()).toEqual(["read a"]);
  });
});

test("a warm read takes no lock", async () => {
  const { cached, other, put, disk } = await counting();
  await put("a", noise(1_000));
  await readAll(cached, "a");
  expect(disk.take()).toEqual(["symlink", "unlink"]);
  await readAll(cached, "a");
  await readAll(other, "a");
  await readAll(cached, "a", { cache: "refresh" });
  expect(disk.take()).toEqual([]);
});

test("who reads slowly keeps nobody waiting: the rest of the bytes comes without them", async () => {
  const ticks = new HandTicks();
  const { cached, other, put, wire, dir } = await openTwo({ ticks });
  const bytes = noise(3_000_000);
  await put("a", bytes);
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const taken: Uint8Array[] = [];
  const first = cached.read("a", {
    start: () => undefined,
    write: async (chunk) => {
      taken.push(chunk.slice());
      if (taken.length === 1) await asleep;
    },
  });
  const second = readAll(other, "a");
  await waits(dir);
  await ticks.advance(3_000);
  await untilDone(second, ticks);
  same(await second, bytes);
  wake();
  await first;
  same(Buffer.concat(taken), bytes);
  expect(wire.take()).toEqual(["read a", "read a if-none-match: not-modified"]);
});

test("what is not kept is not waited for", async () => {
  const { cached, other, put, wire, dir } = await openTwo({ maxBytes: 1_000_000 });
  const bytes = noise(3_000_000);
  await put("a", bytes);
  const go = holdUp({ wire });
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  // This reader sleeps with its first bytes, and nothing is kept of them.
  const first = cached.read("a", { start: () => undefined, write: () => asleep });
  while (wire.take().length === 0) await settled();
  const second = readAll(other, "a");
  await waits(dir);
  go();
  same(await second, bytes);
  wake();
  await first;
});

async function counting() {
  const calls: string[] = [];
  const noted =
    (name: "symlink" | "unlink") =>
    (first: string, second = "") => {
      if (`${first}${second}`.includes("/locks/")) calls.push(name);
      return nodeFsOperations[name](first, second);
    };
  const operations = { ...nodeFsOperations, symlink: noted("symlink"), unlink: noted("unlink") };
  return { ...(await openTwo({ disk: openNodeDisk({ operations }) })), disk: { take: () => calls.splice(0) } };
}

async function untilDone(work: Promise<unknown>, ticks: HandTicks): Promise<void> {
  let isDone = false;
  void work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await ticks.advance(100);
    await settled();
  }
}
