/** A flow whose nodes run elsewhere, for `flow-engine.test.ts`: a baseline, many policies, a summary. */
import { once } from "node:events";
import { appendFileSync, readFileSync, watch } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { dataflow, each, type NodeContext, type NodesOf } from "../../../src/flow/index.ts";

/** What this process has said. */
const begun = new Set<string>();
const linesOf = (file: string) => readFileSync(file, "utf8").trim().split("\n").length;

async function untilLines(file: string, lines: number): Promise<void> {
  const watcher = watch(file);
  while (linesOf(file) < lines) await once(watcher, "change");
  watcher.close();
}

const nodes = {
  policies: ({ count }: { readonly count: number }) =>
    Array.from({ length: count }, (_, at) => ({ id: `policy-${at}`, rate: at / 100 })),
  baseline: () => ({ gdp: Float64Array.from({ length: 2_000 }, (_, at) => at * 1.1), base: 7n }),
  results: each("policies", (policy: { readonly id: string; readonly rate: number }, { baseline }: Asked) => ({
    id: policy.id,
    gdp: baseline.gdp.reduce((sum, one) => sum + one, 0) * (1 + policy.rate),
  })),
  /** No item ends before `processes` of them have begun one. */
  workers: each("policies", async (_, { mark, processes }: { readonly mark: string; readonly processes: number }) => {
    if (!begun.has(mark)) appendFileSync(mark, `${process.pid}\n`);
    begun.add(mark);
    await untilLines(mark, processes);
    return process.pid;
  }),
  best: ({ results }: { readonly results: readonly { readonly id: string; readonly gdp: number }[] }) =>
    results.reduce((a, b) => (b.gdp > a.gdp ? b : a)).id,
  wrong: () => {
    throw new RangeError("the rate is below zero");
  },
  afterWrong: ({ wrong }: { readonly wrong: unknown }) => wrong,
  opaque: () => new (class Opaque {})(),
  /** Hangs the first process that runs it. */
  hanging: async ({ mark }: { readonly mark: string }, { signal }: NodeContext) => {
    appendFileSync(mark, `${process.pid}\n`);
    if (linesOf(mark) > 1) return "taken over";
    await pause(1_000_000, undefined, { signal }).catch(() => appendFileSync(mark, "told to stop\n"));
    throw new Error("it was told to stop");
  },
  /** Says which process runs it, and ends when somebody else has written a line below. */
  held: async ({ mark }: { readonly mark: string }) => {
    appendFileSync(mark, `${process.pid}\n`);
    await untilLines(mark, 2);
    return process.pid;
  },
};
interface Asked {
  readonly baseline: { readonly gdp: Float64Array };
}

export const flow = dataflow({ nodes }).inputs<{ count: number; mark: string; processes: number }>();
export type Universe = NodesOf<typeof flow>;
