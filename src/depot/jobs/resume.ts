/** Carries out what is left of a job's plan: what the plan says, by any process, however it was begun. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import {
  type CarrySettings,
  checkPlan,
  type Item,
  type JobHeader,
  jobFiles,
  type RemoveItem,
  readHeader,
  readPlan,
  type TransferReport,
} from "../../transfer/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { carryOutAndTidy, isWhole as choosesAll } from "../emptied-folders.ts";
import { plannedNames } from "../names/of-a-plan.ts";
import type { Compression } from "../options.ts";
import { recoding } from "../recoding.ts";
import { contained } from "../sync/places.ts";
import { parseByteSize } from "../units.ts";
import { jobsPlace } from "./job-settings.ts";
import type { ResumeOptions } from "./types.ts";

export async function resumeJob(context: Context, id: string, options: ResumeOptions): Promise<TransferReport> {
  const { disk, now, warn } = { ...context, now: () => context.now() };
  const bare = jobsPlace(context, undefined);
  const folder = `${bare.folder}/${id}`;
  const header = await readHeader(disk, folder);
  const { isWhole } = await checkPlan(disk, `${folder}/${jobFiles.plan}`);
  if (header === undefined || !isWhole) {
    throw new EntrepotError("malformed", `the plan of job ${id} is not whole`, {
      hint: "say the same call again: it plans anew, and leaves what is done",
    });
  }
  const { ifMatch, ifNoneMatch, compress, decompress, isContained } = header.options as Partial<
    Record<string, unknown>
  >;
  const to = header.to === undefined ? undefined : await context.place(header.to, "write");
  const names = to === undefined ? undefined : plannedNames(context, header, to, `${folder}/${jobFiles.plan}`);
  const place = jobsPlace(context, to !== undefined && isContained === true ? contained(context, to, names) : to);
  const recode = { compress: compress as Compression | false | undefined, decompress: decompress === true };
  const { dryRun, onPlan, onFile, onProgress, onError, maxRequests, maxBytes } = options;
  const signal = signalOf(context, options);
  const items = readPlan(disk, `${folder}/${jobFiles.plan}`, place.places, ["copy", "skip", "remove"]);
  const settings: CarrySettings = {
    dryRun,
    onPlan,
    onFile,
    onProgress,
    onError,
    maxRequests,
    maxBytes: maxBytes === undefined ? undefined : parseByteSize(maxBytes),
    signal,
    warn,
    now,
    concurrency: context.settings.concurrency,
    move: header.verb === "move",
    keepsAfterFailure: header.verb === "sync",
    ...(header.verb === "remove"
      ? { ifMatch: ifMatch as string | undefined }
      : { condition: { ifMatch, ifNoneMatch } as { readonly ifMatch?: string; readonly ifNoneMatch?: "*" } }),
    recode: (job) => recoding(job, recode),
    job: { ...place, identity: header, id },
  };
  return carryOutAndTidy(context, leftOf(items, header, signal), settings, {
    place: await emptiedBy(context, header, to),
    keepEmptyFolders: header.options["keepEmptyFolders"] === true,
    isWhole: header.verb === "remove" && choosesAll(header.options),
  });
}

/** The folder that the call named, if it was one, of those whose files go. */
async function emptiedBy(
  context: Context,
  { verb, from, options }: JobHeader,
  to: Place | undefined,
): Promise<Place | undefined> {
  if (verb === "sync") return to;
  if (verb === "copy" || from === undefined || options["literal"] === true) return undefined;
  return context.place(from, "write");
}

/** What failed for a reason that may have passed is tried again; what is removed must be what the plan saw. */
async function* leftOf(
  items: AsyncIterable<Item>,
  { verb, to }: JobHeader,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  for await (const item of items) {
    if (item.kind === "skip") yield item;
    else if (item.kind === "remove") yield await stillThere(item, signal);
    else {
      const { job } = item;
      // A move takes exactly the version that its plan saw, and what is gone was moved.
      const isGone = verb === "move" && (await isMissing(job.from, signal));
      // One whose name the target could not hold has the folder itself for a target.
      const hasTarget = job.to.uri !== to || !job.to.uri.endsWith("/");
      const mayPass = hasTarget && isEntrepotError(job.problem, ...passing);
      if (isGone) {
        const { uri } = job.from;
        yield { kind: "skip", uri, target: job.to.uri, sizeBytes: job.sizeBytes ?? 0, reason: "done before" };
      } else yield mayPass ? { ...item, job: { ...job, problem: undefined } } : item;
    }
  }
}

const passing = [
  "not-found",
  "forbidden",
  "unauthenticated",
  "unreachable",
  "timeout",
  "throttled",
  "server-error",
  "io",
] as const;

async function stillThere(item: RemoveItem, signal: AbortSignal | undefined): Promise<RemoveItem> {
  const { what, seenEtag } = item.job;
  const { origin, store, key, versionId, uri } = what;
  if (seenEtag === undefined || item.job.exists === false || item.job.problem !== undefined) return item;
  try {
    const there = await (origin ?? store).stat(key, { signal, versionId });
    if (there.etag === seenEtag) return item;
    const problem = new EntrepotError("changed", `${uri} was replaced since its removal was planned, so it stays`, {
      uri,
    });
    return { ...item, job: { ...item.job, problem } };
  } catch (error) {
    if (!isEntrepotError(error, "not-found")) throw error;
    return { ...item, job: { ...item.job, exists: false } };
  }
}

async function isMissing(
  { origin, store, key, versionId }: RemoveItem["job"]["what"],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await (origin ?? store).stat(key, { signal, versionId });
    return false;
  } catch (error) {
    return isEntrepotError(error, "not-found");
  }
}
