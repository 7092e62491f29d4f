import { expect, test } from "vitest";
import * as z from "zod";
import { choose, dataflow, each, from, node, openDriver, otherwise, parameterize, subflow, when } from "./index.ts";

const inner = dataflow({ m: { mean: ({ path }: { path: string }) => path.length } });
const scaled = ({ total, factor }: { total: number; factor: number }) => total * factor;
const module = {
  rows: choose("source", {
    local: () => [1, 2],
    prod: ({ address }: { address: string }) => [address.length],
  }),
  total: ({ rows, rate = 1 }: { rows: number[]; rate?: number }) => rows.reduce((sum, each) => sum + each, 0) * rate,
  tax__us: when({ country: "us" }, ({ state }: { state: string }) => state),
  tax__else: otherwise(() => "none"),
  said: node(["bonus"], (deps: { bonus: number }) => deps.bonus),
  ...parameterize(scaled, { scaled: { factor: from("weight") } }),
  squares: each("rows", (row: number, { power }: { power: number }) => row ** power),
  means: subflow(inner, { outputs: ["mean"], inputs: { path: "costPath" } }),
  // nobody asks for it, and nobody can say what it asks for
  helper: (...all: unknown[]) => all,
};
const flow = dataflow({ module });
const refusal = (outputs: string[], settings: object, options: object = {}) =>
  openDriver(flow, settings)
    .execute(outputs, options)
    .then(
      (values) => values,
      (error: unknown) => error,
    );

test.each([
  ["rate", "ratte", { hint: "did you mean 'rate'?" }],
  ["address", "adress", { hint: "did you mean 'address'?" }],
  ["nothing near", "frobnicate", { hint: expect.stringMatching(/^there is .*address/) }],
  ["a private name of a sub-flow", "path", {}],
])("an input that no node asks for is refused: %s as %s", async (_, name, said) => {
  const wrong = { code: "misconfigured", message: expect.stringContaining(`'${name}'`), ...said };
  expect(await refusal(["total"], { config: { source: "local" } }, { inputs: { [name]: 2 } })).toMatchObject(wrong);
  expect(await refusal(["total"], { config: { source: "local" }, inputs: { [name]: 2 } })).toMatchObject(wrong);
});

test("an input that is a node is no input but an override", async () => {
  const said = await refusal(["total"], { config: { source: "local" } }, { inputs: { rows: [1] } });
  expect(said).toMatchObject({ code: "misconfigured", hint: expect.stringContaining("override") });
});

test("a key of the configuration that nobody knows is refused by executions, plans and on demand", async () => {
  const run = openDriver(flow, { config: { source: "local", contry: "us" } });
  const said = { code: "misconfigured", message: expect.stringContaining("'contry'"), hint: "did you mean 'country'?" };
  await expect(run.execute(["total"])).rejects.toMatchObject(said);
  await expect(run.plan(["total"])).rejects.toMatchObject(said);
  await expect(run.checkConfig()).rejects.toMatchObject(said);
});

test("whatever some variant, wrapper or sub-flow asks for may be given, needed or not", async () => {
  const inputs = {
    address: "x",
    rate: 2,
    state: "ny",
    bonus: 1,
    weight: 3,
    power: 2,
    costPath: "y",
    digits: undefined,
  };
  const config = { source: "local", country: "us" };
  expect(await refusal(["total", "squares"], { config }, { inputs })).toEqual({ total: 6, squares: [1, 4] });
  expect(await refusal(["total"], { config: { source: "local", rate: 3 } })).toEqual({ total: 9 });
});

test("what a schema declares may be given, whether a node asks for it or not", async () => {
  const declared = flow.inputs({ unused: z.string() });
  const run = openDriver(declared, { config: { source: "local" } });
  expect(await run.execute(["total"], { inputs: { unused: "x" } })).toEqual({ total: 3 });
  await expect(run.execute(["total"], { inputs: { unusd: "x" } })).rejects.toMatchObject({
    hint: "did you mean 'unused'?",
  });
});
