/** Brings many objects close by: what is here already is skipped. A failed object never stops the others. */
import type { EntrepotError } from "../error/index.ts";
import type { TransferReport } from "./report.ts";
import { runJobs } from "./run-jobs.ts";
import { announced, settle, type TransferSettings, untilGivenUp } from "./settle.ts";
import { Tally } from "./tally.ts";

/** One object to be kept. `problem` is a failure that the planning found. */
export interface KeepJob {
  readonly uri: string;
  readonly sizeBytes: number;
  readonly isHere: () => Promise<boolean>;
  /** Also called for what is here. */
  readonly keep: (isHere: boolean) => Promise<void>;
  readonly problem?: EntrepotError | undefined;
}

/** In the report, what was fetched is `copied`. */
export async function keepObjects(jobs: AsyncIterable<KeepJob>, given: TransferSettings): Promise<TransferReport> {
  const settings = untilGivenUp(given);
  const tally = new Tally(settings);
  const work = async ({ uri, sizeBytes, isHere, keep, problem }: KeepJob): Promise<void> => {
    const here = problem === undefined && (await isHere());
    const planned = { uri, target: undefined, action: here ? "skip" : "copy", sizeBytes } as const;
    await settle(tally, planned, problem, settings, async () => {
      await keep(here);
      return undefined;
    });
  };
  const told = announced(jobs, tally, (job) => job.sizeBytes);
  await runJobs(told, settings.concurrency, work, settings.signal);
  return tally.finish();
}
