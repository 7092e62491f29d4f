/** What has to be asked for again after events: only what they name. */
import type { RunEvent } from "../store/records.ts";

export interface Looks {
  readonly run: boolean;
  /** Of these policies. */
  readonly tasks: ReadonlySet<string> | "all";
  readonly outputs: boolean;
}

export const noLooks: Looks = { run: false, tasks: new Set(), outputs: false };

/** More than these are asked for together. */
const mostByName = 3;

/** `baseline`: the policy that others may wait for. */
export function withEvent(looks: Looks, event: RunEvent, baseline: string | undefined): Looks {
  switch (event.type) {
    // the line and the progress are all that there is to know
    case "log":
    case "progress":
      return looks;
    case "submitted":
    case "ended":
      return { run: true, tasks: "all", outputs: true };
    case "started":
      return { ...looks, run: true, tasks: withPolicy(looks.tasks, event.policyId) };
    case "finished":
    case "failed":
    case "cancelled":
      return {
        run: true,
        tasks: event.policyId === baseline ? "all" : withPolicy(looks.tasks, event.policyId),
        outputs: looks.outputs || event.type === "finished",
      };
  }
}

export function isNothing({ run, tasks, outputs }: Looks): boolean {
  return !run && !outputs && tasks !== "all" && tasks.size === 0;
}

function withPolicy(tasks: Looks["tasks"], policyId: string): Looks["tasks"] {
  if (tasks === "all") return tasks;
  const more = new Set([...tasks, policyId]);
  return more.size > mostByName ? "all" : more;
}
