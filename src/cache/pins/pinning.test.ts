/** Pins through the cache: what a kill leaves, what limits leave alone, what is noted, and how a listing goes on. */
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Bench, benchIn, openBench, readText, unreachable } from "../../../tests/cache-bench.ts";
import { failNth, nodeFsOperations, openNodeDisk, SimulatedCrash } from "../../disk/index.ts";
import type { CachedStore } from "../contract.ts";
import { maxChanges } from "./pin-folder.ts";
import type { PinKind } from "./pin-format.ts";

async function pin(
  cached: CachedStore,
  key = "",
  kind: PinKind = "folder",
  afterListing?: () => Promise<unknown>,
): Promise<void> {
  const pinning = await cached.pin({ asked: { kind, key }, uri: `s3://bucket/${key}` });
  try {
    await afterListing?.();
    await pinning.publish();
    for await (const { member } of pinning.tasks()) await pinning.keep(member, await pinning.isHere(member), undefined);
  } finally {
    await pinning.close();
  }
}

async function filled(count: number): Promise<Bench> {
  const bench = await openBench();
  for (let index = 0; index < count; index += 1) await bench.put(`f/${index}`, `${index}`);
  return bench;
}

const filesOf = async ({ dir }: Bench): Promise<string[]> => (await readdir(dir, { recursive: true })).sort();
const marksOf = async (bench: Bench): Promise<string[]> =>
  (await filesOf(bench)).filter((name) => /\/[0-9a-f]{64}@[0-9a-f]{16}$/.test(name));

async function keysOf(cached: CachedStore, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { objects } of cached.list({ prefix })) keys.push(...objects.map(({ key }) => key));
  return keys;
}

async function readiness(bench: Bench): Promise<string[]> {
  const answers: string[] = [];
  for (const each of await bench.cache.pins()) {
    const found = await bench.cache.readiness(each, { mostMissing: 9 });
    answers.push(`${found?.ready.objects} of ${found?.total.objects}`);
  }
  return answers;
}

test("a kill at any operation leaves no pin, or one that says what is missing; the next pinning mends all", async () => {
  let crashed = true;
  for (let nth = 1; crashed; nth += 3) {
    const bench = await filled(3);
    const failing = failNth(nodeFsOperations, nth, { crash: true });
    const dying = benchIn(join(bench.dir, ".."), { disk: openNodeDisk({ operations: failing.operations }) });
    const doomed = dying.cache.wrap(bench.wired, {
      identity: ["s3", "https://s3.example.org", "bucket", "signed"],
      circuit: { attempt: () => undefined, insist: () => ({ succeeded() {}, failed() {}, abandoned() {} }) } as never,
      network: "online",
    });
    const ending = await pin(doomed, "f/").catch((error: unknown) => error);
    crashed = failing.fired;
    if (crashed && ending !== undefined)
      expect([SimulatedCrash.name, "EntrepotError"]).toContain((ending as Error).name);
    const [ready] = await readiness(bench);
    const offline = bench.wrap({ network: "offline" });
    const listed = await keysOf(offline, "f/").catch((error: { code?: string }) => error.code);
    expect(listed).toEqual(ready === undefined ? "not-cached" : ["f/0", "f/1", "f/2"]);
    await pin(bench.cached, "f/");
    expect(await readiness(bench)).toEqual(["3 of 3"]);
    expect(await marksOf(bench)).toHaveLength(3);
    for (const key of ["f/0", "f/1", "f/2"]) expect(await readText(offline, key)).toBe(key.slice(2));
  }
});

test.each([
  ["a repair", ({ cache }: Bench) => cache.verify({ repair: true })],
  ["a prune", ({ cache }: Bench) => cache.prune({ olderThanMs: 1e12 })],
])("marks of no pin go with %s when they are old, and only they", async (_, sweep) => {
  const bench = await filled(2);
  await pin(bench.cached, "f/");
  const [mark = ""] = await marksOf(bench);
  const stray = join(bench.dir, mark.replace(/@.*/, "@0123456789abcdef"));
  await writeFile(stray, "", { mode: 0o600 });
  await sweep(bench);
  expect(await marksOf(bench)).toHaveLength(3);
  // old enough not to be of a pin that is only being made
  bench.clock.nowMs += 2 * 3_600_000;
  await utimes(stray, 1, 1);
  await sweep(bench);
  expect(await marksOf(bench)).toHaveLength(2);
  expect(await readiness(bench)).toEqual(["2 of 2"]);
});

test("limits, prune and clear leave alone what is pinned; unpinned it goes", async () => {
  const bench = await filled(3);
  await pin(bench.cached, "f/");
  await bench.cache.prune({ maxBytes: 0 });
  await bench.cache.clear();
  expect(await readiness(bench)).toEqual(["3 of 3"]);
  await bench.cached.unpin({ below: "f/" });
  await bench.cache.prune({ maxBytes: 0 });
  expect((await bench.cache.stats()).objects).toBe(0);
});

test("what is larger than the limit is kept when it is pinned", async () => {
  const bench = await filled(0);
  await bench.put("f/large", "x".repeat(5_000));
  const small = bench.wrap({}, bench.cache.with({ maxBytes: 1_000 }));
  await pin(small, "f/");
  expect(await readText(bench.wrap({ network: "offline" }), "f/large")).toHaveLength(5_000);
});

describe("changes through us", () => {
  const five = new Uint8Array(5);

  test("made while a pin is listed anew keep their bytes and their mark, whether they were noted before or not", async () => {
    const bench = await filled(1);
    await pin(bench.cached, "f/");
    // it was a member, went by other hands, and comes back through us
    await bench.put("f/back", "1");
    await pin(bench.cached, "f/");
    await bench.store.delete("f/back");
    await bench.cached.write("f/twice", five);
    await bench.store.delete("f/twice");
    await pin(bench.cached, "f/", "folder", async () => {
      for (const key of ["f/back", "f/new", "f/twice"]) await bench.cached.write(key, five);
    });
    await bench.cache.prune({ maxBytes: 0 });
    const offline = bench.wrap({ network: "offline" });
    expect(await keysOf(offline, "f/")).toEqual(["f/0", "f/back", "f/new", "f/twice"]);
    for (const key of ["f/back", "f/new", "f/twice"]) expect(await readText(offline, key)).toHaveLength(5);
    expect(await readiness(bench)).toEqual(["4 of 4"]);
  });

  test("made before a pin is listed anew, and gone from the server since, go with it", async () => {
    const bench = await filled(1);
    await pin(bench.cached, "f/");
    await bench.cached.write("f/new", five);
    await bench.store.delete("f/new");
    await pin(bench.cached, "f/");
    expect(await bench.cached.pathOf("f/new")).toBeUndefined();
    expect(await marksOf(bench)).toHaveLength(1);
  });

  test("that a pin no longer keeps, made while it is listed anew, leave it one that does not say what there is", async () => {
    const bench = await filled(1);
    await pin(bench.cached, "f/");
    const [known] = await bench.cache.pins();
    await writeFile(join(bench.dir, "objects/v1/pins", `${known?.id}~overtaken`), "", { mode: 0o600 });
    await pin(bench.cached, "f/", "folder", () => bench.cached.write("f/new", five));
    expect((await bench.cache.pins())[0]?.complete).toBe(false);
    await pin(bench.cached, "f/");
    expect((await bench.cache.pins())[0]?.complete).toBe(true);
    expect(await keysOf(bench.wrap({ network: "offline" }), "f/")).toEqual(["f/0", "f/new"]);
  });

  test("beyond a thousand the pin no longer says what there is, until it is pinned again", async () => {
    const bench = await filled(1);
    await pin(bench.cached, "f/");
    const [known] = await bench.cache.pins();
    for (let index = 0; index < maxChanges + 1; index += 1)
      await bench.cached.write(`f/new${index}`, new Uint8Array(1));
    expect(known?.complete).toBe(true);
    expect((await bench.cache.pins())[0]?.complete).toBe(false);
    const offline = bench.wrap({ network: "offline" });
    await expect(keysOf(offline, "f/")).rejects.toMatchObject({ code: "not-cached" });
    await expect(offline.stat("f/none")).rejects.toMatchObject({ code: "not-cached" });
    await pin(bench.cached, "f/");
    expect(await keysOf(offline, "f/")).toHaveLength(maxChanges + 2);
    await expect(offline.stat("f/none")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a listing in auto mode", () => {
  test("takes the pin when nobody answers, and tells how old it is; what is not pinned fails", async () => {
    const bench = await filled(3);
    await pin(bench.cached, "f/");
    bench.clock.nowMs += 5_000;
    bench.wire.down = unreachable();
    expect(await keysOf(bench.cached, "f/")).toEqual(["f/0", "f/1", "f/2"]);
    expect(bench.stale).toEqual([{ uri: "s3://bucket/f/", ageMs: 5_000 }]);
    await expect(keysOf(bench.cached, "g/")).rejects.toMatchObject({ code: "unreachable" });
    bench.wire.down = undefined;
    // the circuit is open: nobody is asked
    expect(await keysOf(bench.cached, "f/")).toEqual(["f/0", "f/1", "f/2"]);
    bench.clock.nowMs += 30_000;
    await bench.put("f/3", "3");
    expect(await keysOf(bench.cached, "f/")).toHaveLength(4);
  });
});
