/** Whoever watches a node by the asynchronous context sees that node and no other, however their runs are interleaved. */
import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { cached } from "../combine/cached.ts";
import { dataflow } from "../dataflow.ts";
import { driver } from "../driver.ts";
import type { KeptMiss, ResultKeeper } from "../kept.ts";

const asking = new AsyncLocalStorage<string>();
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Finds nothing, and watches what is computed. */
const keeper: ResultKeeper = {
  versionOf: (value) => String(value),
  watch: async (work) => ({ value: await work(), reads: [] }),
  recipeOf: async ({ node }) => node,
  find: async ({ node }): Promise<KeptMiss> => ({
    kind: "miss",
    why: "",
    run: (compute) =>
      asking.run(node, async () => {
        await turn();
        return { value: (await compute()).value, version: node };
      }),
  }),
  peek: async () => ({ kind: "miss", why: "" }),
};

test("a node that is kept runs under its keeper's eyes, the others under the caller's", async () => {
  const seen: Record<string, string | undefined> = {};
  const see = (name: string) => {
    seen[name] = asking.getStore();
    return name;
  };
  const nodes = {
    first: cached(async () => {
      await turn();
      return see("first");
    }),
    base: () => see("base"),
    second: cached(async ({ first, base }: { first: string; base: string }) => {
      await turn();
      return see("second") + first + base;
    }),
    beside: cached(() => see("beside")),
    plain: ({ first, second }: { first: string; second: string }) => see("plain") + first + second,
    last: ({ plain, beside }: { plain: string; beside: string }) => see("last") + plain + beside,
  };
  await asking.run("caller", () => driver(dataflow({ nodes }), { results: keeper, concurrency: 1 }).execute(["last"]));
  const byCaller = { base: "caller", plain: "caller", last: "caller" };
  expect(seen).toEqual({ ...byCaller, first: "first", second: "second", beside: "beside" });
});
