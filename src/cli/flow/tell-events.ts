/** What happens in a flow, on standard error: what goes wrong, how far it is on a terminal, and every step with --debug. */
import type { RunEvent } from "../../flow/core/index.ts";
import type { Call } from "../command.ts";
import { printable } from "../escape.ts";
import { formatCount, formatNumber } from "../measure.ts";

type Told = Pick<Call, "output" | "settings">;

export function eventTeller({ output, settings }: Told): (event: RunEvent) => void {
  const status = flowStatus();
  const tell = (event: RunEvent, words: string) =>
    output.say({
      text: () => printable(words),
      json: () => ({ ...event, error: undefined, type: `flow-${event.type}` }),
    });
  return (event) => {
    status.note(event);
    if (event.type === "retry")
      tell(event, `${event.node} failed, attempt ${event.attempt}; again in ${event.delayMs} ms`);
    else if (event.type === "check-warning") tell(event, `${event.node}: ${event.failures.join("; ")}`);
    else if (event.type === "node-end" && settings.debug)
      tell(event, event.how === "hit" ? `${event.node}: kept` : `${event.node}: ${event.ms.toFixed(0)} ms`);
    else if (event.type === "run-end" && !output.quiet && output.isTerminal)
      tell(
        event,
        `${formatCount(event.ran, "node")} run, ${event.hits} found kept, in ${(event.ms / 1000).toFixed(1)} s`,
      );
    else output.onStatus?.(status.text);
  };
}

/** Nodes of sub-flows are named while they run, and counted with the one that they make up. */
function flowStatus(): {
  readonly note: (event: RunEvent) => void;
  readonly text: (elapsedMs: number) => string;
} {
  let all = 0;
  const ended = new Set<string>();
  const running = new Map<string, string>();
  const isInner = (node: string) => node.includes(".");
  return {
    note(event) {
      if (event.type === "run-start") all = Math.max(all, event.nodes);
      else if (event.type === "node-start") running.set(event.node, event.node);
      else if (event.type === "item-end" && running.has(event.node))
        running.set(event.node, `${event.node} ${formatNumber(event.done)}/${formatNumber(event.of)}`);
      else if (event.type === "node-end" || event.type === "node-failed" || event.type === "node-skipped") {
        running.delete(event.node);
        if (!isInner(event.node)) ended.add(event.node);
      }
    },
    text: (elapsedMs) =>
      [
        `${formatNumber(ended.size)} of ${formatCount(all, "node")}`,
        `${(elapsedMs / 1000).toFixed(0)} s`,
        printable([...running.values()].join(", ")),
      ]
        .filter((part) => part !== "")
        .join(" · "),
  };
}
