/** Jobs that are not finished: shown, gone on with, given up. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import {
  abandonLarge,
  isJobId,
  type JobStatus,
  jobStatus,
  largeOf,
  listJobs,
  lockJob,
  readHeader,
  removeJob,
  sweepPending,
  type TransferReport,
} from "../../transfer/index.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import type { SignalOptions } from "../options.ts";
import { type Duration, durationMs } from "../units.ts";
import { jobsPlace } from "./job-settings.ts";
import { resumeJob } from "./resume.ts";
import { assertSameForLarge } from "./same-services.ts";
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
    const halfDone = await largeOf(place, id);
    const header = (await readHeader(place.disk, folder)) ?? { id };
    for (const large of halfDone) await assertSameForLarge(context, header, large);
    for (const large of halfDone) {
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
  if (dryRun) return old;
  await sweepPending(jobsPlace(context, undefined));
  const gone: JobStatus[] = [];
  const failures: EntrepotError[] = [];
  for (const { id } of old) {
    try {
      gone.push(await abortOf(context, id, options));
    } catch (error) {
      // Another one may have taken it up, or away, meanwhile.
      if (!isEntrepotError(error)) throw error;
      if (error.code !== "not-found" && error.code !== "busy") failures.push(error);
    }
  }
  const [first] = failures;
  if (first === undefined) return gone;
  if (failures.length === 1) throw first;
  const { code, message, uri, hint } = first;
  const sum = `${failures.length} of ${old.length} jobs could not be given up; the first: ${message}`;
  throw new EntrepotError(code, sum, { uri, hint, cause: first, failures });
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
