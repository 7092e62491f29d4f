import { expect, test } from "vitest";
import { cached, dataflow, each, openDriver, parameterize } from "../index.ts";
import { memoryKeeper } from "./memory-keeper.fixture.ts";

test("values that parameterize binds in an each count, for the whole and for each item", async () => {
  const results = memoryKeeper();
  const execute = (module: object, outputs: string[], options: object) =>
    openDriver(dataflow({ module }), { results }).execute(outputs, options);
  const fn = ({ item, k }: { item: number; k: number }) => item * k;
  const scaled = (k: number, keep: boolean) => {
    const made = parameterize(keep ? cached(fn) : fn, { scaled: { k } });
    const all = each("items", made.scaled as unknown as (given: { item: number }) => number, { as: "item" });
    return { all: keep ? all : cached(all) };
  };
  for (const keep of [true, false]) {
    const inputs = { items: [1, 2] };
    expect(await execute(scaled(2, keep), ["all"], { inputs })).toEqual({ all: [2, 4] });
    expect(await execute(scaled(5, keep), ["all"], { inputs })).toEqual({ all: [5, 10] });
  }
});
