/** A flow whose nodes run elsewhere, for `flow-engine.test.ts`: a baseline, many policies, a summary. */
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { dataflow, each, type NodesOf } from "../../../src/flow/index.ts";

const nodes = {
  policies: ({ count }: { readonly count: number }) =>
    Array.from({ length: count }, (_, at) => ({ id: `policy-${at}`, rate: at / 100 })),
  baseline: () => ({ gdp: Float64Array.from({ length: 2_000 }, (_, at) => at * 1.1), base: 7n }),
  results: each("policies", (policy: { readonly id: string; readonly rate: number }, { baseline }: Asked) => ({
    id: policy.id,
    gdp: baseline.gdp.reduce((sum, one) => sum + one, 0) * (1 + policy.rate),
  })),
  workers: each("policies", () => process.pid),
  best: ({ results }: { readonly results: readonly { readonly id: string; readonly gdp: number }[] }) =>
    results.reduce((a, b) => (b.gdp > a.gdp ? b : a)).id,
  wrong: () => {
    throw new RangeError("the rate is below zero");
  },
  afterWrong: ({ wrong }: { readonly wrong: unknown }) => wrong,
  opaque: () => new (class Opaque {})(),
  /** Hangs the first process that runs it. */
  hanging: async ({ mark }: { readonly mark: string }) => {
    appendFileSync(mark, `${process.pid}\n`);
    const { readFileSync } = await import("node:fs");
    if (readFileSync(mark, "utf8").trim().split("\n").length === 1) await pause(1_000_000);
    return "taken over";
  },
};
interface Asked {
  readonly baseline: { readonly gdp: Float64Array };
}

export const flow = dataflow({ nodes }).inputs<{ count: number; mark: string }>();
export type Universe = NodesOf<typeof flow>;
