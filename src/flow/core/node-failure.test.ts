import { afterEach, expect, test, vi } from "vitest";
import { dataflow, each, failedNode, openDriver, subflow } from "./index.ts";

const thrown = (flow: object, outputs: string[], settings: object = {}, options: object = {}) =>
  openDriver(flow, settings)
    .execute(outputs, options)
    .then(
      () => undefined,
      (error: unknown) => error,
    );

const nodes = {
  rows: () => Promise.reject(new Error("no rows")),
  mean: ({ rows }: { rows: number }) => rows,
  other: () => 1,
  report: ({ other, mean }: { other: number; mean: number }) => other + mean,
};
const flow = dataflow({ nodes });

test("an error says which node threw it, and how it came to run", async () => {
  const error = await thrown(flow, ["report"]);
  const failure = { node: "rows", nodePath: ["report", "mean", "rows"] };
  expect(error).toMatchObject({ message: "no rows", ...failure });
  expect(failedNode(error)).toEqual(failure);
  expect(await openDriver(flow, {}).settle(["report"])).toMatchObject({ failures: [{ error: failure }] });
});

test("nodes of inner flows are called as everywhere", async () => {
  const inner = { outputs: ["mean"] } as const;
  const outer = {
    cases: () => [1, 2],
    one: subflow(flow, inner),
    all: each("cases", subflow(flow, inner), { as: "rate" }),
    report: ({ all }: { all: unknown[] }) => all.length,
  };
  const within = dataflow({ outer });
  expect(failedNode(await thrown(within, ["one"]))).toEqual({
    node: "one.rows",
    nodePath: ["one", "one.mean", "one.rows"],
  });
  expect(failedNode(await thrown(within, ["report"]))).toEqual({
    node: "all.rows",
    nodePath: ["report", "all", "all.mean", "all.rows"],
  });
});

test("an error that is thrown again elsewhere is that of the node that threw it last", async () => {
  const error = new Error("one for all");
  const fail = () => {
    throw error;
  };
  await thrown(dataflow({ m: { first: fail } }), ["first"]);
  expect(failedNode(await thrown(dataflow({ m: { second: fail } }), ["second"]))).toMatchObject({ node: "second" });
});

test("what an error says itself stays, and what cannot be written on is thrown all the same", async () => {
  const own = Object.assign(new Error("of a parser"), { node: { type: "Program" } });
  const sealed = Object.freeze(new Error("frozen"));
  const fail = (error: unknown) =>
    dataflow({
      m: {
        a: () => {
          throw error;
        },
      },
    });
  expect(await thrown(fail(own), ["a"])).toMatchObject({ node: { type: "Program" } });
  expect(failedNode(own)).toEqual({ node: "a", nodePath: ["a"] });
  expect(await thrown(fail(sealed), ["a"])).toBe(sealed);
  expect(await thrown(fail("words"), ["a"])).toBe("words");
});

test("an abort is no failure of the node that ran", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const waits = (_: object, { signal }: { signal: AbortSignal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      stop.abort(reason);
    });
  expect(await thrown(dataflow({ m: { waits } }), ["waits"], {}, { signal: stop.signal })).toBe(reason);
  expect(failedNode(reason)).toBeUndefined();
});

afterEach(() => void vi.restoreAllMocks());

test("a listener that throws fails no node, and is a warning once", async () => {
  const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const onEvent = () => {
    throw new Error("not my day");
  };
  const run = openDriver(flow, { onEvent });
  expect(await run.execute(["other"])).toEqual({ other: 1 });
  expect(await run.execute(["other"])).toEqual({ other: 1 });
  expect(warnings.mock.calls.map(([words]) => String(words))).toEqual([expect.stringContaining("not my day")]);
});

test("the plan of an each says that it runs once for each item", async () => {
  const plan = await openDriver(
    dataflow({
      m: {
        cases: () => [1],
        squares: each("cases", (n: number) => n * n),
        sum: ({ squares }: { squares: number[] }) => squares.length,
      },
    }),
    {},
  ).plan(["sum"]);
  expect(plan.steps.find(({ node }) => node === "squares")?.why).toBe("needed: once for each item of 'cases'");
});
