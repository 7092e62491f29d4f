import { expect, test } from "vitest";
import * as z from "zod";
import { checked, dataflow, driver, type Engine, type EngineTask, each, perform, subflow } from "./index.ts";

const inner = { doubled: ({ base }: { base: number }) => base * 2 };
const innerFlow = dataflow({ inner }).inputs<{ base: number }>();
const nodes = {
  base: () => 3,
  text: checked(
    z.number().transform((value) => `<${value}>`),
    ({ base }: { base: number }) => base,
  ),
  costs: subflow(innerFlow, { outputs: ["doubled"] }),
  items: () => [1, 2, 3],
  sums: each("items", (item: number, { base }: { base: number }) => item + base),
  flows: each("items", subflow(innerFlow, { outputs: ["doubled"] }), { as: "base" }),
};
const flow = dataflow({ nodes });

test("an engine runs nodes and items elsewhere with what was sent alone, and gives what this process would", async () => {
  const sent: string[] = [];
  const engine: Engine = {
    submit: async ({ node, index, values, config }: EngineTask) => {
      sent.push(index === undefined ? node : `${node}[${index}] ${JSON.stringify(values)}`);
      // over a wire
      const task = structuredClone({ node, index, values, config });
      return structuredClone(await perform(flow, task));
    },
    close: async () => {},
  };
  const outputs = ["text", "costs", "sums", "flows"] as const;
  expect(await driver(flow, { engine }).execute(outputs)).toEqual(await driver(flow).execute(outputs));
  expect(sent.sort()).toEqual([
    "base",
    "costs.doubled",
    'flows[0] {"items":1}',
    'flows[1] {"items":2}',
    'flows[2] {"items":3}',
    "items",
    'sums[0] {"items":1,"base":3}',
    'sums[1] {"items":2,"base":3}',
    'sums[2] {"items":3,"base":3}',
    "text",
  ]);
});

test("what no flow has cannot be performed", async () => {
  await expect(perform(flow, { node: "txt", values: {} })).rejects.toThrow("did you mean 'text'?");
});
