/**
 * Who carries out a job: one process at a time. Locks are links whose text is the holder: `owner.0`, and `owner.1` … made when the
 * holder of the one before is dead.
 */
import { join } from "node:path";
import { type Disk, type ProcessOwner, type ProcessTable, systemProcesses } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";

const lockName = /^owner\.(\d{1,6})$/;
const tries = 8;

export interface JobLock {
  /** Never fails. */
  release(): Promise<void>;
}

/** Takes the job. Error: busy, naming the process that has it. */
export async function lockJob(
  disk: Disk,
  folder: string,
  processes: ProcessTable = systemProcesses(disk),
): Promise<JobLock> {
  const own = ownerText(await processes.self());
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const last = await lastLock(disk, folder);
    if (last !== undefined) {
      const holder = parseOwner(await disk.readLink(join(folder, lockOf(last))));
      const life = holder === undefined ? "dead" : await processes.liveness(holder);
      if (holder !== undefined && life !== "dead") throw busy(folder, holder, life === "unknown");
    }
    const number = (last ?? -1) + 1;
    try {
      await disk.makeLink(join(folder, lockOf(number)), own);
      return { release: () => release(disk, folder, number) };
    } catch (error) {
      // Somebody was faster; whoever that is, is looked at next.
      if (!isEntrepotError(error, "already-exists")) throw error;
    }
  }
  throw new EntrepotError("busy", `another process is taking the job in ${folder}`, { hint: "try again in a moment" });
}

/** Who has it now; `undefined` when nobody who lives. */
export async function holderOf(
  disk: Disk,
  folder: string,
  processes: ProcessTable = systemProcesses(disk),
): Promise<ProcessOwner | undefined> {
  const last = await lastLock(disk, folder);
  const holder = last === undefined ? undefined : parseOwner(await disk.readLink(join(folder, lockOf(last))));
  return holder !== undefined && (await processes.liveness(holder)) !== "dead" ? holder : undefined;
}

async function lastLock(disk: Disk, folder: string): Promise<number | undefined> {
  const numbers = ((await disk.readFolder(folder)) ?? []).flatMap(({ name }) => {
    const [, digits] = lockName.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/** Its own last: until then nobody begins below. */
async function release(disk: Disk, folder: string, number: number): Promise<void> {
  for (let each = 0; each <= number; each += 1) await disk.removeFile(join(folder, lockOf(each))).catch(() => false);
}

function lockOf(number: number): string {
  return `owner.${number}`;
}

function ownerText({ host, boot, namespace, pid, start }: ProcessOwner): string {
  return JSON.stringify([host, boot, namespace, pid, start]);
}

function parseOwner(text: string | undefined): ProcessOwner | undefined {
  try {
    const [host, boot, namespace, pid, start] = JSON.parse(text ?? "") as unknown[];
    if (typeof pid !== "number") return undefined;
    return { host: String(host), boot: String(boot), namespace: String(namespace), pid, start: String(start) };
  } catch {
    return undefined;
  }
}

function busy(folder: string, { pid, host }: ProcessOwner, isElsewhere: boolean): EntrepotError {
  const where = isElsewhere ? ` on ${host}` : "";
  return new EntrepotError("busy", `process ${pid}${where} is at this very job`, {
    retryable: false,
    hint: isElsewhere
      ? `wait for its end; if that machine or container is gone, remove ${folder}`
      : "wait for its end; entrepot jobs list shows how far it is",
  });
}
