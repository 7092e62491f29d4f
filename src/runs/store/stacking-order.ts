/** Whether the order in which policies are stacked is one of theirs. */
import { EntrepotError } from "../../error/index.ts";
import type { RunOptions } from "./records.ts";
import { stackingOrderOf } from "./run-rows.ts";
import { unfit } from "./unfit.ts";

/** Why not; `undefined` where it is. Not every policy need be in it. Before there are policies, `policies` is empty, and any may come. */
export function wrongOrder(options: RunOptions, policies: readonly string[]): string | undefined {
  const order = stackingOrderOf(options, policies);
  const seen = new Set<string>();
  const twice = order.find((each) => seen.size === seen.add(each).size);
  if (twice !== undefined) return `the stacking order of the options names ${shown(twice)} twice`;
  const known = new Set(policies);
  const unknown = known.size === 0 ? undefined : order.find((each) => !known.has(each));
  if (unknown === undefined) return undefined;
  return `the stacking order of the options names ${shown(unknown)}, which is no policy of the run`;
}

/** RangeError. */
export function checkOrder(options: RunOptions, policies: readonly string[]): void {
  const wrong = wrongOrder(options, policies);
  if (wrong !== undefined) throw unfit(new RangeError(wrong));
}

/** Error: precondition-failed, for a run whose policies have changed since. */
export function needOrder(runId: string, options: RunOptions, policies: readonly string[]): void {
  const wrong = wrongOrder(options, policies);
  if (wrong === undefined) return;
  throw new EntrepotError("precondition-failed", `run ${runId} cannot start: ${wrong}`, {
    hint: "add the policy, or change the option",
  });
}

function shown(policy: string): string {
  return JSON.stringify(policy.slice(0, 200));
}
