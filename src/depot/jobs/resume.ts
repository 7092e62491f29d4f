/** Carries out what is left of a job's plan: what the plan says, by any process, however it was begun. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { ObjectInfo, PlannedCosts } from "../../store/index.ts";
import {
  type CarrySettings,
  checkPlan,
  type Item,
  type JobHeader,
  jobFiles,
  lookAhead,
  type ObjectPlace,
  type RemoveItem,
  readHeader,
  readPlan,
  type TransferReport,
} from "../../transfer/index.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { carryOutAndTidy, isWhole as choosesAll } from "../emptied-folders.ts";
import { atOnce, transferSettings } from "../moving.ts";
import { plannedNames } from "../names/of-a-plan.ts";
import { contained } from "../sync/places.ts";
import { jobsPlace } from "./job-settings.ts";
import { assertSameServices } from "./same-services.ts";
import type { ResumeOptions } from "./types.ts";
import { isDurable, verbSettings } from "./verb-settings.ts";

export async function resumeJob(context: Context, id: string, options: ResumeOptions): Promise<TransferReport> {
  const { disk } = context;
  const bare = jobsPlace(context, undefined);
  const folder = `${bare.folder}/${id}`;
  const header = await readHeader(disk, folder);
  const { isWhole } = await checkPlan(disk, `${folder}/${jobFiles.plan}`);
  if (header === undefined || !isWhole) {
    throw new EntrepotError("malformed", `the plan of job ${id} is not whole`, {
      hint: "say the same call again: it plans anew, and leaves what is done",
    });
  }
  await assertSameServices(context, header);
  const { verb } = header;
  const to = header.to === undefined ? undefined : await context.place(header.to, "write");
  const names = to === undefined ? undefined : plannedNames(context, header, to, `${folder}/${jobFiles.plan}`);
  const isContained = to !== undefined && header.options["isContained"] === true;
  const durable = isDurable(verb, header.options);
  const place = jobsPlace(context, isContained ? contained(context, to, { names, durable }) : to);
  const signal = signalOf(context, options);
  const looks = new Looks(signal);
  const transfer = transferSettings(context, options, looks);
  const settings: CarrySettings = {
    ...transfer,
    ...verbSettings(verb, header.options),
    signal,
    concurrency: to === undefined ? transfer.concurrency : atOnce(context, header.from, to),
    job: { ...place, identity: header, id },
  };
  const planned = readPlan(disk, `${folder}/${jobFiles.plan}`, place.places, ["copy", "skip", "remove"]);
  const left = lookAhead(planned, { places: settings.concurrency, window }, (item) => leftOf(item, header, looks));
  return carryOutAndTidy(context, left, settings, {
    place: await emptiedBy(context, header, to),
    keepEmptyFolders: header.options["keepEmptyFolders"] === true,
    isWhole: verb === "remove" && choosesAll(header.options),
  });
}

/** Items that may wait behind one that is looked at for long. */
const window = 1_000;

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
async function leftOf(item: Item, { verb, to }: JobHeader, looks: Looks): Promise<Item> {
  if (item.kind === "remove") return stillThere(item, looks);
  const job = item.kind === "skip" ? item.done : item.job;
  if (job === undefined) return item;
  // A move takes exactly the version that its plan saw, and what is gone was moved.
  if (verb === "move" && (await looks.isMissing(job.from))) {
    const { uri } = job.from;
    return { kind: "skip", uri, target: job.to.uri, sizeBytes: job.sizeBytes ?? 0, reason: "done before" };
  }
  // One whose name the target could not hold has the folder itself for a target.
  const hasTarget = job.to.uri !== to || !job.to.uri.endsWith("/");
  const mayPass = hasTarget && isEntrepotError(job.problem, ...passing);
  return { kind: "copy", reason: item.reason, job: mayPass ? { ...job, problem: undefined } : job };
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

async function stillThere(item: RemoveItem, looks: Looks): Promise<RemoveItem> {
  const { what, seenEtag } = item.job;
  if (seenEtag === undefined || item.job.exists === false || item.job.problem !== undefined) return item;
  const there = await looks.stat(what);
  if (there === undefined) return { ...item, job: { ...item.job, exists: false } };
  if (there.etag === seenEtag) return item;
  const { uri } = what;
  const problem = new EntrepotError("changed", `${uri} was replaced since its removal was planned, so it stays`, {
    uri,
  });
  return { ...item, job: { ...item.job, problem } };
}

/** Looks at what is there now, and counts the requests that this takes. */
class Looks {
  readonly #signal: AbortSignal | undefined;
  #head = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  costs(): PlannedCosts {
    return { head: this.#head };
  }

  /** `undefined` for what is not there. Errors of the store. */
  async stat({ origin, store, key, versionId }: ObjectPlace): Promise<ObjectInfo | undefined> {
    const asked = origin ?? store;
    this.#head += asked.requestsOf?.({ call: "stat" })?.head ?? 0;
    try {
      return await asked.stat(key, { signal: this.#signal, versionId });
    } catch (error) {
      if (!isEntrepotError(error, "not-found")) throw error;
      return undefined;
    }
  }

  /** What cannot be looked at is tried, which then says why. */
  async isMissing(place: ObjectPlace): Promise<boolean> {
    try {
      return (await this.stat(place)) === undefined;
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      return false;
    }
  }
}
