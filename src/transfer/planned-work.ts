/** The plan of a call, and the job that it is: what an earlier process did of this very job, and what stands, is not planned again. */
import { RequestCounter } from "./count-requests.ts";
import { withoutDone } from "./done-before.ts";
import type { Item } from "./item.ts";
import { identify } from "./journal/identify.ts";
import type { IdentifiedJob } from "./journal/job-header.ts";
import { isWorthJournal, type JobSettings, knownMarks, openPlanFile } from "./journal/journal.ts";
import { itemsOf, type Plan, type PlanSettings, planOf } from "./plan.ts";
import type { TransferPlan } from "./report.ts";
import type { TransferSettings } from "./settle.ts";

export interface PlannedWork {
  /** What is left to do. */
  readonly plan: Plan;
  /** Of all that the call asks for. */
  readonly sums: TransferPlan;
  /** `undefined` where no journal is worth its while. */
  readonly identified: IdentifiedJob | undefined;
}

export interface PlannedWorkSettings extends PlanSettings, Pick<TransferSettings, "concurrency"> {
  readonly job?: JobSettings | undefined;
}

/** Errors: those of the planning and the disk. */
export async function plannedWork(items: AsyncIterable<Item>, settings: PlannedWorkSettings): Promise<PlannedWork> {
  const { job } = settings;
  const plan = await planOf(items, settings, job && (() => openPlanFile(job)));
  const { sums } = plan;
  if (job === undefined || !isWorthJournal(plan)) return { plan, sums, identified: undefined };
  try {
    const identified = await identify(job, plan);
    const left = await leftOf(plan, { ...settings, job }, identified);
    if (left !== undefined) await plan.file?.discard();
    return { plan: left ?? plan, sums, identified };
  } catch (error) {
    await plan.file?.discard();
    throw error;
  }
}

/** `undefined` where nothing was done so far. */
async function leftOf(
  plan: Plan,
  settings: PlannedWorkSettings & { readonly job: JobSettings },
  { id }: IdentifiedJob,
): Promise<Plan | undefined> {
  const { job, move, asked } = settings;
  // What was moved is not at its source any more.
  const marks = move === true ? undefined : await knownMarks(job, id);
  if (marks === undefined) return undefined;
  const looks = new RequestCounter({ asked });
  const items = withoutDone(itemsOf(plan), marks, looks, settings);
  return planOf(items, { ...settings, asked: () => looks.requests() }, () => openPlanFile(job));
}
