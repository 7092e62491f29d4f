/**
 * Journals that nobody came back to: they go when another job begins, without a word, if nothing of them is half done anywhere. What
 * has parts on a server or in a file stays for `jobs.gc`, which takes these away first.
 */
import { join } from "node:path";
import { isEntrepotError } from "../../error/index.ts";
import { lockJob } from "./job-lock.ts";
import { isJobId, largeOf } from "./job-status.ts";
import { type JobsPlace, jobFiles, removeJob } from "./journal.ts";

/** From the last thing that was done for it. */
const forgottenMs = 30 * 24 * 3_600_000;

/** Of all but `own`. Never fails: another begin finds what this one could not look at. */
export async function sweepJobs(place: JobsPlace, own: string): Promise<void> {
  const { disk, folder, now } = place;
  const before = now() - forgottenMs;
  try {
    for (const { name } of (await disk.readFolder(folder)) ?? []) {
      if (name === own || !isJobId(name)) continue;
      const stat = await disk.stat(join(folder, name, jobFiles.marks)).catch(() => undefined);
      if (stat !== undefined && stat.modifiedMs < before) await sweep(place, name);
    }
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
  }
}

async function sweep(place: JobsPlace, id: string): Promise<void> {
  const { disk, processes } = place;
  const path = join(place.folder, id);
  try {
    if ((await largeOf(place, id)).length > 0) return;
    // Whoever goes on with it now keeps it.
    await lockJob(disk, path, processes);
    await removeJob(disk, path);
  } catch (error) {
    if (!isEntrepotError(error)) throw error;
  }
}
