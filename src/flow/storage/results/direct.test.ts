import { describe, expect, test } from "vitest";
import { cached } from "./direct.ts";
import { ask, openWorld } from "./world.fixture.ts";

describe("a function that is called directly", () => {
  test("computes once, in whatever order its names stand", async () => {
    const { store } = openWorld();
    const calls: string[] = [];
    const spend = cached(
      ({ path, rate }: { path: string; rate: number }) => {
        calls.push(path);
        return { path, rate };
      },
      { results: store, ignore: ["calls"] },
    );
    expect(await spend({ path: "a", rate: 2 })).toEqual({ path: "a", rate: 2 });
    expect(await spend({ rate: 2, path: "a" })).toEqual({ path: "a", rate: 2 });
    await spend({ path: "b", rate: 2 });
    expect(calls).toEqual(["a", "b"]);
  });

  test("has the key that it has in a flow with the same inputs", async () => {
    const { store } = openWorld();
    const spend = ({ path }: { path: string }) => [path];
    await cached(spend, { results: store })({ path: "a" });
    expect((await ask(store.keeper, spend, { path: "a" }, { node: "anything" })).why).toBeUndefined();
  });

  test("is another call with other arguments, however alike they are", async () => {
    const { store } = openWorld();
    const shape = cached((...given: unknown[]) => given.map((each) => typeof each), { results: store });
    const told = [await shape(5), await shape({ 0: 5 }), await shape(), await shape({}), await shape(5, undefined)];
    expect(told).toEqual([["number"], ["object"], [], ["object"], ["number", "undefined"]]);
    await expect(shape({ [Symbol("hidden")]: 1 })).rejects.toMatchObject({ code: "unsupported" });
  });

  test("takes arguments by their places, too", async () => {
    const { store } = openWorld();
    let calls = 0;
    const add = cached(
      function add(a: number, b: number) {
        calls += 1;
        return a - b;
      },
      { results: store, version: 1 },
    );
    expect([await add(1, 2), await add(1, 2), await add(2, 1), calls]).toEqual([-1, -1, 1, 2]);
  });

  test("needs a name where a version stands for its code", async () => {
    const { store } = openWorld();
    await expect(cached((x: number) => x, { results: store, version: 1 })(1)).rejects.toThrow(/give it a name/);
  });

  test("within another: what the inner one read counts for the outer one, found or computed", async () => {
    const { store, data, dir } = openWorld();
    const path = `${dir}/../input.txt`;
    await data.writeText(path, "one");
    const inner = cached(
      async function inner() {
        return data.readText(path);
      },
      { results: store, version: 1 },
    );
    const outer = cached(
      async function outer() {
        return (await inner()).toUpperCase();
      },
      { results: store, version: 1 },
    );
    await inner();
    expect([await outer(), await outer()]).toEqual(["ONE", "ONE"]);
    await data.writeText(path, "two");
    expect(await outer()).toBe("TWO");
  });

  test("names what it cannot take", async () => {
    const { store } = openWorld();
    class Client {}
    const fn = cached((_: { rows: unknown[] }) => 1, { results: store });
    await expect(fn({ rows: [new Client()] })).rejects.toThrow(
      /^rows\[0\] is an instance of Client, which has no fingerprint/,
    );
  });

  test("takes no other options", () => {
    expect(() => cached(() => 1, { verson: 1 } as never)).toThrow(/did you mean version/);
    expect(() => cached(() => 1, { maxAge: "soon" })).toThrow(RangeError);
  });
});
