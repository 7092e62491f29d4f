import { expect, it } from "vitest";
import type { DepotEvent } from "../../depot/index.ts";
import type { Call } from "../command.ts";
import { moduleEvents } from "./module-depots.ts";

const retry = (uri: string, attempt: number, delayMs: number): DepotEvent =>
  ({ type: "retry", uri, attempt, delayMs }) as DepotEvent;

function said(isTerminal: boolean, quiet: boolean, events: readonly DepotEvent[]): string[] {
  const lines: string[] = [];
  const output = { isTerminal, quiet, say: ({ text }: { text: () => string }) => void lines.push(text()) };
  const tell = moduleEvents({ output, settings: { debug: false } } as unknown as Pick<Call, "output" | "settings">);
  for (const event of events) tell(event);
  return lines;
}

const outage = [
  retry("s3://b/a", 1, 20),
  retry("s3://b/a", 2, 900),
  retry("s3://b/a", 3, 2_000),
  retry("s3://b/c", 1, 900),
];

it("a wait for a server is said once for each address where nobody sits, each time on a terminal, and never with --quiet", () => {
  const first = [
    "note: s3://b/a: no answer to try 2; the next in 0.9 s",
    "note: s3://b/c: no answer to try 1; the next in 0.9 s",
  ];
  expect(said(false, false, outage)).toEqual(first);
  expect(said(true, false, outage)).toEqual([
    first[0],
    "note: s3://b/a: no answer to try 3; the next in 2.0 s",
    first[1],
  ]);
  expect(said(false, true, outage)).toEqual([]);
});
