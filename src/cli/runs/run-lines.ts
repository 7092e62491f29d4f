/** A run in words. */
import type { RunSummary } from "../../runs/index.ts";
import { printable } from "../escape.ts";
import type { Message } from "../message.ts";

const order = ["running", "ready", "waiting", "done", "failed", "cancelled"] as const;

/** `"3 done, 1 failed"`; before the start how many policies there are. */
export function taskText({ tasks, policyCount, state }: Pick<RunSummary, "tasks" | "policyCount" | "state">): string {
  if (state === "created") return `${policyCount} ${policyCount === 1 ? "policy" : "policies"}`;
  return order
    .filter((each) => tasks[each] > 0)
    .map((each) => `${tasks[each]} ${each}`)
    .join(", ");
}

/** For who asks what a run does that was not started. */
export function notStarted({ id, name }: Pick<RunSummary, "id" | "name">): Message {
  const word = name === id ? id : commandText([name]);
  return {
    text: () => `it is not started: entrepot runs start ${printable(word)}`,
    json: () => ({ type: "not-started", id }),
  };
}

/** A command on one line; what a shell would not take as it stands is in quotes. */
export function commandText(command: readonly string[]): string {
  return command.map((each) => (/^[\w@%+=:,./-]+$/.test(each) ? each : JSON.stringify(each))).join(" ");
}
