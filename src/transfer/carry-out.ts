/**
 * The one way of many objects: all of it is planned first, then done with bounded concurrency, removals after copies. Each item ends
 * as one line of the report; a failed object never stops the others.
 */
import { type CopySettings, copyItem } from "./copy-item.ts";
import { type CopyItem, type Item, plannedOf, type SkipItem } from "./item.ts";
import { checkLimits, type Plan, type PlanSettings, planOf } from "./plan.ts";
import { type RemoveSettings, removeItems } from "./remove-items.ts";
import type { TransferReport } from "./report.ts";
import { runJobs } from "./run-jobs.ts";
import { settle, type TransferSettings } from "./settle.ts";
import { Tally } from "./tally.ts";

export interface CarrySettings extends TransferSettings, CopySettings, RemoveSettings, PlanSettings {
  readonly signal?: AbortSignal | undefined;
  /** Remove nothing, and say so, when something before has failed. Default false: removals are no consequence of copies. */
  readonly keepsAfterFailure?: boolean | undefined;
}

/**
 * Plans, then does. With `dryRun` it ends after the plan, and tells each item as planned. Errors before anything is done: those of the
 * planning, limit-exceeded (`maxRequests`, `maxBytes`), and problems that concern all; after: see `TransferReport`.
 */
export async function carryOut(items: AsyncIterable<Item>, settings: CarrySettings): Promise<TransferReport> {
  const tally = new Tally(settings);
  const plan = await planOf(items, settings, undefined);
  checkLimits(plan, settings);
  tally.expect(plan.total);
  await copies(plan, tally, settings);
  if (settings.keepsAfterFailure === true && tally.failures > 0) await keep(plan, tally, settings);
  else await removeItems(plan.removals(), tally, settings);
  return tally.finish({ plan: plan.sums, jobId: undefined });
}

async function copies(plan: Plan, tally: Tally, settings: CarrySettings): Promise<void> {
  await runJobs(plan.first(), settings.concurrency, (item) => carryOne(item, tally, settings), settings.signal);
}

/** What is missing may have failed to come: until it is there, nothing goes for it. */
async function keep(plan: Plan, tally: Tally, settings: CarrySettings): Promise<void> {
  const reason = "not removed, since not everything was copied";
  for await (const item of plan.removals())
    await settle(tally, { ...plannedOf(item), action: "skip", reason }, undefined, settings, async () => undefined);
}

async function carryOne(item: CopyItem | SkipItem, tally: Tally, settings: CarrySettings): Promise<void> {
  if (item.kind !== "copy") return settle(tally, plannedOf(item), undefined, settings, async () => undefined);
  return carryCopy(item, tally, settings);
}

async function carryCopy(item: CopyItem, tally: Tally, settings: CarrySettings): Promise<void> {
  const { job } = item;
  await settle(tally, plannedOf(item), job.problem, settings, () => copyItem(job, settings, tally.meter(job.from.uri)));
}
