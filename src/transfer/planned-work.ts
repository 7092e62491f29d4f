/** The plan of a call, and the job that it is: what an earlier process did of this very job, and what stands, is not planned again. */
import { RequestCounter } from "./count-requests.ts";
import { withoutDone } from "./done-before.ts";
import type { Item } from "./item.ts";
import { identify } from "./journal/identify.ts";
import type { IdentifiedJob } from "./journal/job-header.ts";
import { isWorthJournal, type JobSettings, knownMarks, openPlanFile } from "./journal/journal.ts";
import type { Marks } from "./journal/marks.ts";
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
  const nothing = { plan, sums, identified: undefined };
  // What is left of a job that an earlier process began may be too little for a journal of its own.
  const isMany = isWorthJournal(plan) || plan.total.objects > 1 || job?.id !== undefined;
  if (job === undefined || !isMany) return nothing;
  try {
    const identified = await identify(job, plan);
    const marks = await knownMarks(job, identified.id);
    if (marks === undefined) return isWorthJournal(plan) || job.id !== undefined ? { ...nothing, identified } : nothing;
    // What was moved is not at its source any more.
    if (settings.move === true) return { ...nothing, identified };
    const left = await leftOf(plan, { ...settings, job }, marks);
    await plan.file?.discard();
    return { plan: left, sums, identified };
  } catch (error) {
    await plan.file?.discard();
    throw error;
  }
}

async function leftOf(
  plan: Plan,
  settings: PlannedWorkSettings & { readonly job: JobSettings },
  marks: Marks,
): Promise<Plan> {
  const { job, asked } = settings;
  const looks = new RequestCounter({ asked });
  const items = withoutDone(itemsOf(plan), marks, looks, settings);
  return planOf(items, { ...settings, asked: () => looks.requests() }, () => openPlanFile(job));
}
