/** Jobs that are not finished: shown, gone on with, given up. */
import { EntrepotError } from "../../error/index.ts";
import {
  abandonLarge,
  isJobId,
  type JobStatus,
  jobStatus,
  largeOf,
  listJobs,
  lockJob,
  removeJob,
  type TransferReport,
} from "../../transfer/index.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import type { SignalOptions } from "../options.ts";
import { type Duration, durationMs } from "../units.ts";
import { jobsPlace } from "./job-settings.ts";
import { resumeJob } from "./resume.ts";
import type { ResumeOptions } from "./types.ts";

export async function listOf(context: Context, options?: SignalOptions): Promise<readonly JobStatus[]> {
  signalOf(context, options);
  return listJobs(jobsPlace(context, undefined));
}

export async function resumeOf(context: Context, id: string, options: ResumeOptions = {}): Promise<TransferReport> {
  await statusOf(context, id);
  return resumeJob(context, id, options);
}

export async function abortOf(context: Context, id: string, options: SignalOptions = {}): Promise<JobStatus> {
  const status = await statusOf(context, id);
  const place = jobsPlace(context, undefined);
  const folder = `${place.folder}/${id}`;
  const lock = await lockJob(place.disk, folder);
  try {
    for (const large of await largeOf(place, id)) {
      signalOf(context, options);
      await abandonLarge(large, await place.places.target(large.target));
    }
  } catch (error) {
    // What it left is still known then.
    await lock.release();
    throw error;
  }
  await removeJob(place.disk, folder);
  return status;
}

export async function gcOf(
  context: Context,
  options: SignalOptions & { readonly olderThan?: Duration | undefined; readonly dryRun?: boolean | undefined } = {},
): Promise<readonly JobStatus[]> {
  const { olderThan = "30d", dryRun = false } = options;
  const beforeMs = context.now() - durationMs(olderThan);
  const jobs = await listOf(context, options);
  const old = jobs.filter(({ state, changedMs }) => state !== "running" && changedMs <= beforeMs);
  if (!dryRun) for (const { id } of old) await abortOf(context, id, options);
  return old;
}

/** Error: not-found. TypeError for what is no id. */
async function statusOf(context: Context, id: string): Promise<JobStatus> {
  if (typeof id !== "string") throw new TypeError("the id of a job is text, as jobs.list() gives it");
  const status = isJobId(id) ? await jobStatus(jobsPlace(context, undefined), id) : undefined;
  if (status !== undefined) return status;
  throw new EntrepotError("not-found", `there is no job ${JSON.stringify(id)}`, {
    hint: "entrepot jobs list shows those that are not finished; a finished one leaves nothing",
  });
}
