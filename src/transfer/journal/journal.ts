/**
 * The journal of one job: what it is, its plan, what of it is done. Whoever comes with the same call after the process died goes on
 * where it stopped. One process at a time; where no journal can be kept, the job is done without.
 */
import { join } from "node:path";
import { type Disk, type ProcessTable, systemProcesses } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Plan } from "../plan.ts";
import type { TransferPlan } from "../report.ts";
import { headerLine, type IdentifiedJob, type JobHeader, type JobIdentity, parseHeader } from "./job-header.ts";
import { type JobLock, lockJob } from "./job-lock.ts";
import { largeBytes } from "./large-state.ts";
import { Marks } from "./marks.ts";
import { PlanFile } from "./plan-file.ts";
import type { Places } from "./plan-line.ts";
import { readSealed, sealLine } from "./sealed-lines.ts";

/** Where journals lie and how they are kept. */
export interface JobsPlace {
  readonly disk: Disk;
  /** `<cache root>/jobs`. */
  readonly folder: string;
  readonly places: Places;
  /** Permission bits of that folder; each job's own is for its user alone. Default `0o700`. */
  readonly mode?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly processes?: ProcessTable | undefined;
}

/** One entry of the `services` of a job. */
export interface BucketService {
  readonly bucket: string;
  readonly words: string;
}

/** What a call says of itself, so that it can be said again. */
export interface JobSettings extends JobsPlace {
  readonly identity: JobIdentity;
  /** Whose server an address is asked at; `undefined` for what has none. Asked for the addresses of lists. */
  readonly serviceOf?: ((uri: string) => Promise<BucketService | undefined>) | undefined;
  /** The job that is continued, whatever the call. */
  readonly id?: string | undefined;
}

/** What is left to do, and all that the call asks for. */
export interface PlannedJob {
  readonly plan: Plan;
  readonly sums: Pick<TransferPlan, "objects" | "sizeBytes">;
}

/** Ends of a job that another process may come between. */
const tries = 8;
const pendingAgeMs = 3_600_000;
const folderMode = 0o700;
const fileMode = 0o600;

export const jobFiles = { header: "job.ndjson", plan: "plan.ndjson", marks: "marks.ndjson" } as const;

/** Whether it is worth a journal: more than one object, or one that takes its time. */
export function isWorthJournal(plan: Plan): boolean {
  return plan.sums.objects > 1 || plan.largestBytes >= largeBytes;
}

/** For a plan that does not fit in memory; `undefined` where there is no room on this disk either. */
export async function openPlanFile({
  disk,
  folder,
  places,
  mode = folderMode,
}: JobsPlace): Promise<PlanFile | undefined> {
  try {
    await disk.makeFolder(folder, mode);
    await sweepPending({ disk, folder });
    return new PlanFile(disk, await disk.createPending(folder, { mode: fileMode }), places);
  } catch (error) {
    if (isEntrepotError(error)) return undefined;
    throw error;
  }
}

/** Plans that their process never finished: nobody writes to them any more. */
export async function sweepPending({ disk, folder }: Pick<JobsPlace, "disk" | "folder">): Promise<void> {
  await disk.removeStalePending(folder, pendingAgeMs);
}

/** What earlier processes did of it; `undefined` where nobody began it, or where nothing of it can be read. */
export async function knownMarks({ disk, folder }: JobsPlace, id: string): Promise<Marks | undefined> {
  try {
    const marks = await Marks.read(disk, join(folder, id, jobFiles.marks));
    return marks.hasDone ? marks : undefined;
  } catch (error) {
    if (isEntrepotError(error)) return undefined;
    throw error;
  }
}

export class Journal {
  readonly id: string;
  readonly marks: Marks;
  /** Nobody was at this job before. */
  readonly isNew: boolean;
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #lock: JobLock;

  private constructor(
    disk: Disk,
    folder: string,
    id: string,
    { marks, isNew }: Pick<Journal, "marks" | "isNew">,
    lock: JobLock,
  ) {
    this.#disk = disk;
    this.#folder = folder;
    this.id = id;
    this.marks = marks;
    this.isNew = isNew;
    this.#lock = lock;
  }

  /** Begins or continues. `undefined` where none can be kept, of which `warn` is told. Error: busy, while another process is at this very job. */
  static async open(
    settings: JobSettings,
    { id, identity }: IdentifiedJob,
    planned: PlannedJob,
    warn: (error: EntrepotError) => void,
  ): Promise<Journal | undefined> {
    const { disk } = settings;
    const folder = join(settings.folder, id);
    let lock: JobLock | undefined;
    try {
      const processes = settings.processes ?? systemProcesses(disk);
      lock = await lockedFolder(settings, folder, processes);
      const { boot } = await processes.self();
      const known = await readHeader(disk, folder);
      const isKnown = known?.id === id;
      const path = join(folder, jobFiles.marks);
      if ((await disk.stat(path)) === undefined) await disk.writeFile(path, new Uint8Array(0), { mode: fileMode });
      const marks = await Marks.open(disk, path, boot);
      // Of the plan that is carried out now; a continued one has its own.
      if (settings.id === undefined) {
        await savePlan(settings, planned.plan, join(folder, jobFiles.plan));
        const { objects, sizeBytes } = planned.sums;
        const createdMs = isKnown ? known.createdMs : settings.now();
        await writeHeader(disk, folder, { ...identity, id, createdMs, objects, sizeBytes });
      }
      return new Journal(disk, folder, id, { marks, isNew: !isKnown }, lock);
    } catch (error) {
      await lock?.release();
      if (!isEntrepotError(error) || error.code === "busy") throw error;
      warn(notKept(settings.folder, error));
      return undefined;
    }
  }

  /** All of it is done: nothing is left of it. */
  async finish(): Promise<void> {
    await this.marks.flush();
    await removeJob(this.#disk, this.#folder).catch(() => undefined);
  }

  /** Some of it is not done; what is known is kept. `all` was tried, or it was stopped before. */
  async leave(all: boolean): Promise<void> {
    if (all) this.marks.ended();
    await this.marks.flush();
    await this.#lock.release();
  }
}

/** In one step, so that nobody who comes meanwhile loses what is theirs. */
export async function removeJob(disk: Disk, folder: string): Promise<void> {
  const aside = await disk.setAside(folder);
  if (aside !== undefined) await disk.removeTree(aside);
}

export async function readHeader(disk: Disk, folder: string): Promise<JobHeader | undefined> {
  for await (const line of readSealed(disk, join(folder, jobFiles.header))) return parseHeader(line);
  return undefined;
}

async function writeHeader(disk: Disk, folder: string, header: JobHeader): Promise<void> {
  const bytes = Buffer.from(sealLine(headerLine(header)));
  await disk.writeFile(join(folder, jobFiles.header), bytes, { mode: fileMode });
}

async function savePlan(settings: JobSettings, plan: Plan, path: string): Promise<void> {
  if (plan.file !== undefined) return plan.file.publish(path);
  const { disk, places } = settings;
  const folder = join(path, "..");
  const file = new PlanFile(disk, await disk.createPending(folder, { mode: fileMode }), places);
  try {
    for await (const item of plan.first()) await file.add(item);
    for await (const item of plan.removals()) await file.add(item);
    await file.end();
    await file.publish(path);
  } finally {
    await file.discard();
  }
}

/** The folder of the job, taken. Whoever ends the job just then takes the folder away: then it begins anew. */
async function lockedFolder(settings: JobSettings, folder: string, processes: ProcessTable): Promise<JobLock> {
  const { disk } = settings;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await disk.makeFolder(settings.folder, settings.mode ?? folderMode);
      await disk.makeFolder(folder, folderMode);
      return await lockJob(disk, folder, processes);
    } catch (error) {
      if (!isEntrepotError(error, "not-found") || attempt === tries) throw error;
    }
  }
}

function notKept(folder: string, cause: EntrepotError): EntrepotError {
  return new EntrepotError(
    cause.code,
    `${folder} keeps no journal of this transfer, so that what interrupts it makes it begin anew: ${cause.message}`,
    { cause, hint: "give the cache a folder that can be written to (cache: { dir }, ENTREPOT_CACHE_DIR)" },
  );
}
