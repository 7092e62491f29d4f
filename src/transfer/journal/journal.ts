/**
 * The journal of one job: what it is, its plan, what of it is done. Whoever comes with the same call after the process died goes on
 * where it stopped. One process at a time; where no journal can be kept, the job is done without.
 */
import { hash } from "node:crypto";
import { join } from "node:path";
import { type Disk, type ProcessTable, systemProcesses } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { plannedOf } from "../item.ts";
import type { Plan } from "../plan.ts";
import { headerLine, type JobHeader, type JobIdentity, jobId, parseHeader } from "./job-header.ts";
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

/** What a call says of itself, so that it can be said again. */
export interface JobSettings extends JobsPlace {
  readonly identity: JobIdentity;
  /** The job that is continued, whatever the call. */
  readonly id?: string | undefined;
}

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
    await disk.removeStalePending(folder, pendingAgeMs);
    return new PlanFile(disk, await disk.createPending(folder, { mode: fileMode }), places);
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

  /** Begins or continues. `undefined` where none can be kept. Error: busy, while another process is at this very job. */
  static async open(settings: JobSettings, plan: Plan): Promise<Journal | undefined> {
    const { disk, identity } = settings;
    const list = identity.from === undefined && settings.id === undefined ? await digestOf(plan) : undefined;
    const id = settings.id ?? jobId(identity, list);
    const folder = join(settings.folder, id);
    let lock: JobLock | undefined;
    try {
      await disk.makeFolder(settings.folder, settings.mode ?? folderMode);
      await disk.makeFolder(folder, folderMode);
      const processes = settings.processes ?? systemProcesses(disk);
      lock = await lockJob(disk, folder, processes);
      const { boot } = await processes.self();
      const known = await readHeader(disk, folder);
      const isKnown = known?.id === id;
      const path = join(folder, jobFiles.marks);
      if (!isKnown || (await disk.stat(path)) === undefined)
        await disk.writeFile(path, new Uint8Array(0), { mode: fileMode });
      const marks = await Marks.open(disk, path, boot);
      // Of the plan that is carried out now; a continued one has its own.
      if (settings.id === undefined) {
        await savePlan(settings, plan, join(folder, jobFiles.plan));
        const { objects, sizeBytes } = plan.sums;
        const createdMs = isKnown ? known.createdMs : settings.now();
        await writeHeader(disk, folder, { ...identity, id, createdMs, objects, sizeBytes });
      }
      return new Journal(disk, folder, id, { marks, isNew: !isKnown }, lock);
    } catch (error) {
      await lock?.release();
      if (!isEntrepotError(error) || error.code === "busy") throw error;
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

/** A list is known by what is in it. */
async function digestOf(plan: Plan): Promise<string> {
  let digest = "";
  for (const items of [plan.first(), plan.removals()]) {
    for await (const item of items) {
      const { uri, target } = plannedOf(item);
      digest = hash("sha256", `${digest}${JSON.stringify([item.kind, uri, target])}`);
    }
  }
  return digest;
}
