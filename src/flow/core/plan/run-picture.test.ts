import { expect, test } from "vitest";
import { cached, dataflow, type FlowEvent, openDriver, pictureAfter } from "../index.ts";
import { memoryKeeper } from "../run/memory-keeper.fixture.ts";

const results = memoryKeeper();
const story = {
  loaded: cached(({ raw }: { raw: string }) => raw.split(",").map(Number)),
  cleaned: ({ loaded }: { loaded: number[] }) => loaded.filter((row) => row > 0),
  total: cached(({ cleaned }: { cleaned: number[] }) => cleaned.length),
  report: ({ total }: { total: number }) => `total ${total}`,
};

test("a plan is drawn with what then happened: what was found, what ran and how long, what nobody needed", async () => {
  await openDriver(dataflow({ module: story }), { results }).execute(["report"], { inputs: { raw: "1" } });
  const events: FlowEvent[] = [];
  const run = openDriver(dataflow({ module: story }), { results, onEvent: (event) => events.push(event) });
  const inputs = { raw: "1" };
  const planned = await run.plan(["report"], { inputs }).picture();
  await run.execute(["report"], { inputs });
  const { nodes } = pictureAfter(planned, events);
  const became = nodes.map(({ name, state, notes = [] }) => [name, state, notes.at(-1)?.replace(/\d+\.\d/, "n")]);
  expect(became).toEqual([
    ["raw", "given", undefined],
    ["loaded", "hit", undefined],
    ["cleaned", "unneeded", undefined],
    ["total", "hit", undefined],
    ["report", "run", "n ms"],
  ]);
});
