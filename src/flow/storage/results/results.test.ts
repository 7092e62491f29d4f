import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tableFromArrays } from "@uwdata/flechette";
import { describe, expect, test } from "vitest";
import { ask, openWorld } from "./world.fixture.ts";

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

describe("a kept result", () => {
  test("is found again by code and inputs, by this store and by another", async () => {
    const { store, another } = openWorld();
    const spend = ({ path }: { path: string }) => ({ path, at: new Date(0) });
    expect((await ask(store.keeper, spend, { path: "a" })).why).toBe("never computed");
    const again = await ask(another().keeper, spend, { path: "a" });
    expect(again).toMatchObject({ why: undefined, value: { path: "a", at: new Date(0) } });
    expect((await ask(store.keeper, spend, { path: "b" })).why).toBe("input `path` changed");
  });

  test("is another where what the code closes over is another, and says so", async () => {
    const { store, another } = openWorld();
    const made = (rate: number) => {
      const helper = (x: number) => x * rate;
      return () => helper(2);
    };
    expect((await ask(store.keeper, made(2))).value).toBe(4);
    const changed = await ask(another().keeper, made(3));
    expect(changed).toMatchObject({ value: 6, why: "the code changed: `helper › rate` changed" });
    expect((await ask(store.keeper, made(2))).why).toBeUndefined();
  });

  test("has a version of its bytes, so that equal results have equal versions", async () => {
    const { store } = openWorld();
    const one = await ask(store.keeper, () => [1, 2], {}, { node: "one" });
    const two = await ask(store.keeper, () => [1, 1 + 1], {}, { node: "two" });
    expect(one.version).toBe(two.version);
    expect((await store.stats()).values).toBe(1);
  });

  test("can be undefined, and is one all the same", async () => {
    const { store } = openWorld();
    expect(await ask(store.keeper, () => undefined)).toMatchObject({ value: undefined, why: "never computed" });
    expect((await ask(store.keeper, () => undefined)).why).toBeUndefined();
  });

  test("is never a failure", async () => {
    const { store } = openWorld();
    let calls = 0;
    const options = { version: "1" };
    const failing = () => {
      calls += 1;
      throw new RangeError("no");
    };
    await expect(ask(store.keeper, failing, {}, options)).rejects.toThrow("no");
    await expect(ask(store.keeper, failing, {}, options)).rejects.toThrow("no");
    expect(calls).toBe(2);
    expect(await store.list().toArray()).toEqual([]);
  });

  test("of a version is that node's alone, whatever its code", async () => {
    const { store } = openWorld();
    const first = await ask(store.keeper, () => 1, {}, { version: "1", node: "a" });
    expect(first.value).toBe(1);
    expect((await ask(store.keeper, () => 2, {}, { version: "1", node: "a" })).value).toBe(1);
    expect((await ask(store.keeper, () => 2, {}, { version: "1", node: "b" })).value).toBe(2);
    const next = await ask(store.keeper, () => 3, {}, { version: "2", node: "a" });
    expect(next).toMatchObject({ value: 3, why: 'the version changed from "1" to "2"' });
  });

  test("is given no longer than maxAge says", async () => {
    const { store, advance } = openWorld();
    const fn = () => 1;
    await ask(store.keeper, fn);
    advance(3_600_000);
    expect((await ask(store.keeper, fn, {}, { maxAge: "2h" })).why).toBeUndefined();
    advance(3_600_001);
    expect((await ask(store.keeper, fn, {}, { maxAge: "2h" })).why).toBe("it was kept 2h ago, longer than 2h");
    expect((await ask(store.keeper, fn, {}, { maxAge: "2h" })).why).toBeUndefined();
  });

  test("is replaced where it is asked to be computed anew", async () => {
    const { store } = openWorld();
    let next = 0;
    const fn = () => (next += 1);
    const options = { version: "1" };
    expect((await ask(store.keeper, fn, {}, options)).value).toBe(1);
    expect((await ask(store.keeper, fn, {}, { ...options, behaviour: "recompute" })).value).toBe(2);
    expect(await ask(store.keeper, fn, {}, options)).toMatchObject({ value: 2, why: undefined });
  });

  test("of an Arrow table is an Arrow file, and that of an instance refused with the way out", async () => {
    const { store, dir } = openWorld();
    const table = () => tableFromArrays({ x: [1, 2], y: ["a", "b"] });
    await ask(store.keeper, table);
    const { value, why } = await ask(store.keeper, table);
    expect([why, (value as ReturnType<typeof table>).toArray()]).toEqual([undefined, table().toArray()]);
    const [file] = filesOf(join(dir, "data"));
    expect(
      readFileSync(file ?? "")
        .subarray(0, 6)
        .toString(),
    ).toBe("ARROW1");
    class Model {}
    await expect(ask(store.keeper, () => ({ models: [new Model()] }))).rejects.toMatchObject({
      code: "unsupported",
      message: "what 'spend' gives.models[0] is an instance of Model, which cannot be kept",
      hint: expect.stringContaining("return plain data"),
    });
  });
});

describe("what was read", () => {
  test("has to be as it was", async () => {
    const { store, data, dir } = openWorld();
    const [path, folder] = [`${dir}/../input.txt`, `${dir}/../inputs/`];
    await data.writeText(path, "one");
    await data.writeText(`${folder}a`, "a");
    const reading = async () => [await data.readText(path), (await data.list(folder).toArray()).length];
    const options = { version: "1" };
    expect((await ask(store.keeper, reading, {}, options)).value).toEqual(["one", 1]);
    expect((await ask(store.keeper, reading, {}, options)).why).toBeUndefined();
    await data.writeText(path, "two");
    const changed = await ask(store.keeper, reading, {}, options);
    expect(changed.value).toEqual(["two", 1]);
    expect(changed.why).toMatch(/input\.txt/);
    await data.writeText(`${folder}b`, "b");
    expect((await ask(store.keeper, reading, {}, options)).value).toEqual(["two", 2]);
    // what was kept before holds again
    await data.remove(`${folder}b`);
    expect((await ask(store.keeper, reading, {}, options)).why).toBeUndefined();
    expect((await store.why("spend"))?.results.map(({ changed }) => changed.length)).toEqual([1, 1, 0]);
  });
});

describe("a damaged store", () => {
  test.each(["a byte was changed", "the end is missing", "the value is gone"])("heals where %s", async (how) => {
    const { store, dir, another } = openWorld();
    const fn = () => ({ text: "x".repeat(1000) });
    await ask(store.keeper, fn);
    const [file = ""] = filesOf(join(dir, "data"));
    const bytes = readFileSync(file);
    if (how === "a byte was changed") bytes[500] = 0x79;
    if (how === "the value is gone") await store.clear([]);
    writeFileSync(file, how === "the end is missing" ? bytes.subarray(0, 400) : bytes);
    if (how === "the value is gone") (await import("node:fs")).rmSync(file);
    const keeper = another().keeper;
    await expect(ask(keeper, fn)).rejects.toMatchObject({ code: "integrity" });
    expect((await ask(keeper, fn, {}, { behaviour: "recompute" })).value).toEqual(fn());
    expect(await ask(another().keeper, fn)).toMatchObject({ why: undefined, value: fn() });
  });

  test("takes a damaged entry for none", async () => {
    const { store, dir } = openWorld();
    const fn = () => 1;
    await ask(store.keeper, fn);
    const [file = ""] = filesOf(join(dir, "keys"));
    writeFileSync(file, readFileSync(file, "utf8").replace('"layout":2', '"layout":3'));
    expect((await ask(store.keeper, fn)).why).toBe("what was kept is damaged");
    expect((await ask(store.keeper, fn)).why).toBeUndefined();
  });
});

describe("one computation at a time", () => {
  test("is made of what several ask for at once", async () => {
    const { store, another } = openWorld();
    let calls = 0;
    let go = () => {};
    const slow = async () => {
      calls += 1;
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return calls;
    };
    const options = { version: "1" };
    const first = ask(store.keeper, slow, {}, options);
    await expect.poll(() => calls).toBe(1);
    const second = ask(another().keeper, slow, {}, options);
    go();
    expect([await first, await second]).toMatchObject([{ value: 1 }, { value: 1 }]);
    expect(calls).toBe(1);
  });
});

describe("managing what is kept", () => {
  test("lists, counts and clears by node, and says which names are unknown", async () => {
    const { store } = openWorld();
    for (const path of ["a", "b"]) await ask(store.keeper, (given: unknown) => given, { path });
    await ask(store.keeper, () => "x", {}, { node: "signups.of/été" });
    expect(await store.list().toArray()).toMatchObject([
      { node: "signups.of/été", entries: 1 },
      { node: "spend", entries: 2 },
    ]);
    expect(await store.stats()).toMatchObject({ nodes: 2, entries: 3, values: 3 });
    expect(await store.clear(["spend", "spnd"])).toMatchObject({ removed: 2, unknown: ["spnd"] });
    expect(await store.stats()).toMatchObject({ nodes: 1, entries: 1, values: 1 });
    expect((await store.clear("all")).removed).toBe(1);
    expect(await store.stats()).toMatchObject({ entries: 0, values: 0, sizeBytes: 0 });
  });

  test("prunes what was not used for longest", async () => {
    const { store, advance } = openWorld();
    const fn = ({ path }: { path: string }) => path.repeat(1000);
    for (const path of ["a", "b", "c"]) {
      await ask(store.keeper, fn, { path });
      advance(7_200_000);
    }
    await ask(store.keeper, fn, { path: "a" });
    expect(await store.prune({ maxBytes: 2_500 })).toMatchObject({ removed: 1 });
    expect((await ask(store.keeper, fn, { path: "a" })).why).toBeUndefined();
    expect((await store.prune({ olderThan: "1h" })).removed).toBeGreaterThan(0);
  });

  test("never touches files that are not its own, whatever folder it was put into", async () => {
    const { store, dir, advance } = openWorld({ maxBytes: "1GB" });
    const own = [join(dir, "data/input.csv"), join(dir, "data/ab/notes.txt"), join(dir, "keys/readme")];
    for (const path of own) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "precious");
    }
    advance(7_200_000);
    await ask(store.keeper, () => 1, {});
    expect(await store.clear(["nobody"])).toMatchObject({ removed: 0, freedBytes: 0 });
    expect((await store.stats()).values).toBe(1);
    await store.prune({ olderThan: "1s" });
    await store.clear("all");
    for (const path of own) expect(readFileSync(path, "utf8")).toBe("precious");
  });

  test("stays within its bounds by itself", async () => {
    const { store } = openWorld({ maxBytes: 10_000 });
    for (let place = 0; place < 20; place += 1)
      await ask(store.keeper, ({ place }: { place: number }) => `${place}`.padEnd(1_500, "x"), { place });
    expect((await store.stats()).sizeBytes).toBeLessThanOrEqual(12_500);
  });

  test("keeps values by hand, under a name and any inputs", async () => {
    const { store } = openWorld();
    expect(await store.has("model", { seed: 1 })).toBe(false);
    await store.save("model", { seed: 1 }, new Map([["a", 1n]]));
    expect(await store.has("model", { seed: 1 })).toBe(true);
    expect(await store.load("model", { seed: 1 })).toEqual(new Map([["a", 1n]]));
    expect(await store.load("model", { seed: 2 })).toBeUndefined();
  });
});

test("a kept node that reads the clock is told once", async () => {
  const { store, warnings } = openWorld();
  const fn = () => new Date().getFullYear();
  await ask(store.keeper, fn);
  await ask(store.keeper, fn);
  expect(warnings.map(({ message }) => message)).toEqual([
    "'spend' is kept, but uses new Date(): what it gives may depend on more than its inputs",
  ]);
});

test("a store that cannot be written to keeps nobody from the result", async () => {
  const { store, dir, warnings } = openWorld();
  writeFileSync(dir, "a file in its place");
  expect((await ask(store.keeper, () => 5)).value).toBe(5);
  expect(warnings.length).toBeGreaterThan(0);
});
