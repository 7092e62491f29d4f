import { expect, test } from "vitest";
import { dataflow, driver } from "./index.ts";

const nodes = {
  spend: ({ path }: { path: string }) => [10, 20, path.length],
  signups: async () => [1, 2, 4],
  acquisitionCost: ({ spend, signups }: { spend: number[]; signups: number[] }) =>
    spend.map((each, at) => each / (signups[at] ?? 1)),
};

test("only what is asked for runs, each node once, and outputs are exactly those asked for", async () => {
  const flow = dataflow({ nodes }).inputs<{ path: string }>();
  const { acquisitionCost } = await driver(flow).execute(["acquisitionCost"], { inputs: { path: "abcd" } });
  expect(acquisitionCost).toEqual([10, 10, 1]);
});
