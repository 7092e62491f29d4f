/**
 * The one way of many objects: all of it is planned first, then done with bounded concurrency, removals after copies. Each item ends
 * as one line of the report; a failed object never stops the others. What takes long keeps a journal, and goes on after a crash.
 */
import { type EntrepotError, isEntrepotError } from "../error/index.ts";
import { type CopySettings, copyItem } from "./copy-item.ts";
import { type CopyItem, type Item, plannedOf, type SkipItem } from "./item.ts";
import { abandonLarge } from "./journal/abandon.ts";
import { type JobSettings, Journal } from "./journal/journal.ts";
import { checkLimits, type Plan, type PlanSettings } from "./plan.ts";
import { plannedWork } from "./planned-work.ts";
import { type RemoveSettings, removeItems } from "./remove-items.ts";
import type { FileResult, TransferPlan, TransferReport, Written } from "./report.ts";
import { runJobs } from "./run-jobs.ts";
import { settle, type TransferSettings } from "./settle.ts";
import { Tally } from "./tally.ts";

export interface CarrySettings extends TransferSettings, CopySettings, RemoveSettings, PlanSettings {
  readonly signal?: AbortSignal | undefined;
  /** Where its journal lies, and by what it is known again. Default: none is kept. */
  readonly job?: JobSettings | undefined;
  /** Told before anything is done; what it rejects with ends the whole. */
  readonly onPlan?: ((plan: TransferPlan) => void | Promise<void>) | undefined;
  /** Told when its journal is begun. */
  readonly onJob?: ((jobId: string) => void) | undefined;
  /** Remove nothing, and say so, when something before has failed. Default false: removals are no consequence of copies. */
  readonly keepsAfterFailure?: boolean | undefined;
}

/**
 * Plans, then does. With `dryRun` it ends after the plan, and tells each item as planned. Errors before anything is done: those of the
 * planning, limit-exceeded (`maxRequests`, `maxBytes`), busy while another process is at the same job;
 * after: see `TransferReport`.
 */
export async function carryOut(items: AsyncIterable<Item>, given: CarrySettings): Promise<TransferReport> {
  const { job } = given;
  let journal: Journal | undefined;
  const onFile = (file: FileResult): void => {
    if (file.status === "failed")
      journal?.marks.failed(file.uri, file.target, file.error?.code ?? "io", file.error?.message ?? "");
    given.onFile?.(file);
  };
  const settings = { ...given, onFile };
  const tally = new Tally(settings);
  const { plan, sums, identified } = await plannedWork(items, settings);
  try {
    checkLimits(plan, settings);
    tally.expect(plan.total);
    await settings.onPlan?.(plan.sums);
    settings.signal?.throwIfAborted();
    if (job !== undefined && identified !== undefined && settings.dryRun !== true) {
      journal = await Journal.open(job, identified, { plan, sums }, settings.warn);
      if (journal !== undefined) settings.onJob?.(journal.id);
      if (journal?.isNew === true) await (await import("./journal/sweep-jobs.ts")).sweepJobs(job, journal.id);
    }
    try {
      const carrying = { tally, settings, journal };
      await runJobs(plan.first(), settings.concurrency, (item) => carryOne(item, carrying), settings.signal);
      if (settings.keepsAfterFailure === true && tally.failures > 0) await keep(plan, tally, settings);
      else await removeItems(plan.removals(), tally, settings);
    } catch (error) {
      await journal?.leave(false);
      throw error;
    }
    if (tally.everyFailure((error) => isForGood(error, settings))) {
      await finish(journal, job);
      if (tally.failures > 0) journal = undefined;
    } else await journal?.leave(true);
  } finally {
    await plan.file?.discard();
  }
  return tally.finish({ plan: plan.sums, jobId: journal?.id });
}

/** Whether another try would meet the same: what is there, or is not any more, was not to be replaced. */
function isForGood(error: EntrepotError | undefined, { condition }: CarrySettings): boolean {
  if (condition?.ifNoneMatch !== undefined) return isEntrepotError(error, "already-exists", "precondition-failed");
  return condition?.ifMatch !== undefined && isEntrepotError(error, "precondition-failed");
}

/** Nothing of it is left, neither here nor where it wrote. */
async function finish(journal: Journal | undefined, job: JobSettings | undefined): Promise<void> {
  for (const stale of journal?.marks.large ?? []) {
    const place = await job?.places.target(stale.target);
    if (place !== undefined) await abandonLarge(stale, place).catch(() => undefined);
  }
  await journal?.finish();
}

/** What is missing may have failed to come: until it is there, nothing goes for it. */
async function keep(plan: Plan, tally: Tally, settings: CarrySettings): Promise<void> {
  const reason = "not removed, since not everything was copied";
  for await (const item of plan.removals())
    await settle(tally, { ...plannedOf(item), action: "skip", reason }, undefined, settings, async () => undefined);
}

interface Carrying {
  readonly tally: Tally;
  readonly settings: CarrySettings;
  readonly journal: Journal | undefined;
}

async function carryOne(item: CopyItem | SkipItem, { tally, settings, journal }: Carrying): Promise<void> {
  if (item.kind === "skip") return settle(tally, plannedOf(item), undefined, settings, async () => undefined);
  const { job } = item;
  await settle(tally, plannedOf(item), job.problem, settings, async (): Promise<Written> => {
    const company = { onBytes: tally.meter(job.from.uri), marks: journal?.marks };
    const written = await copyItem(job, settings, company);
    journal?.marks.done(job, written);
    return written;
  });
}
