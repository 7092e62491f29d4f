// @ts-nocheck: plain JavaScript, as a module of a user may be
// The flow of main.mjs, as a user's module has it.
import { threadId } from "node:worker_threads";
import { dataflow, each } from "entrepot/flow";

const nodes = {
  policies: ({ count }) => Array.from({ length: count }, (_, at) => ({ at })),
  baseline: () => Float64Array.from({ length: 5_000 }, (_, at) => at),
  results: each("policies", ({ at }, { baseline }) => baseline.reduce((sum, one) => sum + one, 0) * (1 + at / 100)),
  threads: each("policies", () => threadId),
  wrong: () => {
    throw new RangeError("the rate is below zero");
  },
  endless: () => {
    for (;;);
  },
};
export const flow = dataflow({ nodes }).inputs();
