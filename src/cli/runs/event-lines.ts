/** What happens in a run, as lines: what programs say for whoever reads logs, and what becomes of tasks for whoever follows a run. */
import type { RunEvent } from "../../runs/index.ts";
import { printable } from "../escape.ts";
import type { Message } from "../message.ts";
import { recordJson } from "./record-json.ts";

/** One line of a program, with its policy before it where there are several. */
export function logMessage(event: Extract<RunEvent, { type: "log" }>, isOne: boolean): Message {
  const { policyId, line } = event;
  return {
    text: () => (isOne ? shownLine(line) : `${printable(policyId)}: ${shownLine(line)}`),
    json: () => recordJson("log", event),
  };
}

/** Where the lines of a further attempt begin; the first needs no words. */
export function attemptMessage(event: Extract<RunEvent, { type: "log" }>, isOne: boolean): Message {
  const { policyId, attempt } = event;
  return {
    text: () => `${isOne ? "" : `${printable(policyId)}: `}--- attempt ${attempt} ---`,
    // each line has its own
    json: () => undefined,
  };
}

/** Columns stay columns. */
function shownLine(line: string): string {
  return line.split("\t").map(printable).join("\t");
}

/** What became of a task or of the run; nothing for what its program says. */
export function eventMessage(event: RunEvent): Message {
  const line = lineOf(event);
  return { text: () => line && printable(line), json: () => recordJson(event.type, event) };
}

function lineOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case "submitted":
      return "submitted";
    case "started":
      return `${event.policyId}: started${attemptOf(event)} by ${event.worker}`;
    case "progress":
      return `${event.policyId}: ${percent(event.fraction)}${event.message === "" ? "" : ` ${event.message}`}`;
    case "finished":
      return `${event.policyId}: done`;
    case "failed":
      return `${event.policyId}: failed${event.willRetry ? ", tried again" : ""}: ${event.error}`;
    case "cancelled":
      return `${event.policyId}: cancelled${event.reason === "cancelled" ? "" : `: ${event.reason}`}`;
    case "ended":
      return `the run is ${event.state}`;
    case "log":
      return undefined;
  }
}

function attemptOf({ attempt }: { readonly attempt: number }): string {
  return attempt === 1 ? "" : `, attempt ${attempt},`;
}

/** `"25%"` */
export function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)}%`;
}
