import { expect, it } from "vitest";
import type { RunEvent } from "../../flow/core/index.ts";
import type { Call } from "../command.ts";
import type { Output } from "../output.ts";
import { eventTeller } from "./tell-events.ts";

it("a terminal sees how many nodes are done, which run, and how far an each is", () => {
  let shown = "";
  const said: string[] = [];
  const output = {
    isTerminal: true,
    quiet: false,
    onStatus: (text: (elapsedMs: number) => string) => {
      shown = text(2_400);
    },
    say: (message: { text: () => string | undefined }) => said.push(message.text() ?? ""),
  } as unknown as Output;
  const tell = eventTeller({ output, settings: { debug: false } as Call["settings"] });
  const events = [
    { type: "run-start", outputs: ["report"], nodes: 3 },
    { type: "node-start", node: "loaded" },
    { type: "node-end", node: "loaded", how: "run", ms: 4 },
    { type: "node-start", node: "items" },
    { type: "node-start", node: "outer.inner" },
    { type: "node-end", node: "outer.inner", how: "run", ms: 1 },
    { type: "item-end", node: "items", index: 4, done: 12, of: 1_000 },
  ] as const;
  for (const event of events) tell({ ...event, run: "r" } as RunEvent);
  expect(shown).toBe("1 of 3 nodes · 2 s · items 12/1,000");
  tell({ type: "run-end", run: "r", ms: 2_500, ran: 2, hits: 1, failed: 0 });
  expect(said).toEqual(["2 nodes run, 1 found kept, in 2.5 s"]);
});
