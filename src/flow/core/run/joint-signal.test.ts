import { expect, onTestFinished, test } from "vitest";
import { dataflow, each, openDriver, retry, timeout } from "../index.ts";

const listening = (signal: AbortSignal | undefined): Promise<void> => {
  signal?.addEventListener("abort", () => undefined);
  return new Promise((resolve) => setImmediate(resolve));
};
const nodes = {
  list: () => Array.from({ length: 30 }, (_, at) => at),
  plain: each("list", async (at: number, _deps: object, context?: { readonly signal: AbortSignal }) => {
    await listening(context?.signal);
    return at;
  }),
  wrapped: each("list", retry(timeout(async (at: number) => at, 10_000))),
};

test("thirty items at a time that listen to the signal of their execution are no leak", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));
  const engine = {
    submit: async ({ run }: { run(): Promise<unknown> }, signal: AbortSignal) => {
      await listening(signal);
      return run();
    },
    close: async () => undefined,
  };
  const flow = dataflow({ nodes: { ...nodes, plain: each("list", nodes.plain as never, { limit: 30 }) } as never });
  for (const settings of [{}, { engine }]) {
    const driver = openDriver(flow as object, settings as never);
    await driver.execute(["plain", "wrapped"], { inputs: {}, concurrency: 30, signal: new AbortController().signal });
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings.map(String)).toEqual([]);
});
